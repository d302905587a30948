// SPDX-License-Identifier: MIT
/* Bytes that grow without bound: in memory, then in a temporary file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/spool.h"
#include "base/vec.h"

/* The fuzzer makes blocks small, so that a small input fills some. */
#ifndef SPOOL_BLOCK
#define SPOOL_BLOCK 49152
#endif

struct spools {
	FILE *file;		/* NULL: not needed yet */
	uint64_t end;		/* bytes in it */
	size_t limit;
	size_t in_memory;	/* bytes of full blocks */
};

struct spool_block {
	char *data;		/* NULL: it is in the file */
	uint64_t at;		/* where in the file */
};

struct spools *spools_new(size_t limit)
{
	struct spools *all = xcalloc(1, sizeof(*all));

	all->limit = limit;
	return all;
}

void spools_free(struct spools *all)
{
	if (all->file)
		close_file(all->file, "a temporary file");
	free(all);
}

static void write_at(struct spools *all, const void *data, size_t size,
		     uint64_t at)
{
	if (pwrite(fileno(all->file), data, size, at) != (ssize_t)size)
		die(KVT_FAILED, "cannot write to a temporary file: %s",
		    strerror(errno));
}

/* Puts the current block away: it is full. */
static void end_block(struct spool *s)
{
	struct spools *all = s->all;
	struct spool_block b = { .data = s->now };

	if (all->in_memory + SPOOL_BLOCK > all->limit) {
		if (!all->file)
			all->file = temporary_file();
		b = (struct spool_block){ .at = all->end };
		write_at(all, s->now, SPOOL_BLOCK, b.at);
		all->end += SPOOL_BLOCK;
	} else {
		all->in_memory += SPOOL_BLOCK;
		s->now = NULL;
		s->room = 0;
	}
	arrput(s->block, b);
	s->used = 0;
}

/* Makes room for MORE bytes, which fit the block.  It grows as needed, because
 * most of many threads say little. */
static void make_room(struct spool *s, size_t more)
{
	size_t room = s->room ? s->room : 512;

	while (room < s->used + more)
		room *= 2;
	if (room > SPOOL_BLOCK)
		room = SPOOL_BLOCK;
	if (room > s->room)
		s->now = xrealloc(s->now, s->room = room);
}

void spool_add(struct spool *s, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		size_t fits = SPOOL_BLOCK - s->used;

		if (fits > size)
			fits = size;
		make_room(s, fits);
		memcpy(s->now + s->used, from, fits);
		s->used += fits;
		from += fits;
		size -= fits;
		if (s->used == SPOOL_BLOCK)
			end_block(s);
	}
}

void spool_patch(struct spool *s, uint64_t at, const void *data, size_t size)
{
	const char *from = data;

	while (size) {
		size_t block = at / SPOOL_BLOCK, offset = at % SPOOL_BLOCK;
		size_t fits = SPOOL_BLOCK - offset;
		char *in = block < arrlenu(s->block) ? s->block[block].data
						     : s->now;

		if (fits > size)
			fits = size;
		if (in)
			memcpy(in + offset, from, fits);
		else
			write_at(s->all, from, fits,
				 s->block[block].at + offset);
		at += fits;
		from += fits;
		size -= fits;
	}
}

void spool_read(struct spool *s,
		void (*each)(void *user, const char *data, size_t size),
		void *user)
{
	char *copy = NULL;

	for (size_t i = 0; i < arrlenu(s->block); i++) {
		const struct spool_block *b = &s->block[i];

		if (b->data) {
			each(user, b->data, SPOOL_BLOCK);
			continue;
		}
		if (!copy)
			copy = xlarge(SPOOL_BLOCK);
		if (pread(fileno(s->all->file), copy, SPOOL_BLOCK, b->at) !=
		    SPOOL_BLOCK)
			die(KVT_FAILED, "cannot read a temporary file");
		each(user, copy, SPOOL_BLOCK);
	}
	free(copy);
	if (s->used)
		each(user, s->now, s->used);
}

bool spool_is_empty(const struct spool *s)
{
	return !s->used && !arrlen(s->block);
}

void spool_free(struct spool *s)
{
	for (size_t i = 0; i < arrlenu(s->block); i++)
		if (s->block[i].data) {
			s->all->in_memory -= SPOOL_BLOCK;
			free(s->block[i].data);
		}
	arrfree(s->block);
	free(s->now);
	*s = (struct spool){ .all = s->all };
}
