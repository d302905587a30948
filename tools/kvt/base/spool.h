/* SPDX-License-Identifier: MIT */
/*
 * Bytes that grow without bound.
 *
 * A spool is appended to and read back once, in order.  Its bytes stay in
 * memory in blocks; when all spools together hold more than a limit, full
 * blocks go to one temporary file that they share.
 *
 * A struct spools must live longer than its spools.  A struct spool begins
 * as { .all = ALL } and ends with spool_free(), which gives its memory
 * back; spools_free() removes the file.  Running out of memory or disk ends
 * the program.
 */
#ifndef KVT_SPOOL_H
#define KVT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spools;
struct spool_block;

struct spool {
	struct spools *all;
	struct spool_block *block;	/* those that are full; stb_ds */
	char *now;			/* the last one, which is not full */
	size_t used, room;		/* bytes of NOW */
};

/* LIMIT: bytes in memory from which on full blocks go to a file. */
struct spools *spools_new(size_t limit);
void spools_free(struct spools *all);

void spool_add(struct spool *s, const void *data, size_t size);
/* Replaces SIZE bytes at AT; all of them must have been added before. */
void spool_patch(struct spool *s, uint64_t at, const void *data, size_t size);
/* Hands all bytes to EACH, piece by piece, in order. */
void spool_read(struct spool *s,
		void (*each)(void *user, const char *data, size_t size),
		void *user);
bool spool_is_empty(const struct spool *s);
void spool_free(struct spool *s);

#endif
