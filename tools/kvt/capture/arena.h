/* SPDX-License-Identifier: MIT */
/*
 * Memory that is freed all at once.
 *
 * A struct arena begins as zeroes.  What arena_take() returns stays where it
 * is until arena_free() or arena_reset(); nothing is freed alone.  Running
 * out of memory ends the program.
 */
#ifndef KVT_ARENA_H
#define KVT_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *newest;
};

/* SIZE bytes, aligned for a pointer, not zeroed. */
void *arena_take(struct arena *a, size_t size);
/* Forgets all that was taken, but keeps the newest block for what comes. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
