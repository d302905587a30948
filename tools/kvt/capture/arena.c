// SPDX-License-Identifier: MIT
/* Memory that is freed all at once. */
#include <stdlib.h>

#include "base/memory.h"
#include "capture/arena.h"

/* The fuzzer sets both to 1, so that every allocation gets a block of its
 * own and the sanitizer sees where each of them ends. */
#ifndef ARENA_BLOCK
#define ARENA_BLOCK (256 * 1024)	/* bytes of the first block */
#define ARENA_GROWS 128			/* times: the largest block */
#endif

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(8) char data[];
};

static void free_blocks(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

static struct arena_block *new_block(struct arena *a, size_t size)
{
	struct arena_block *b = a->newest;
	size_t room = b ? 2 * (sizeof(*b) + b->size) : ARENA_BLOCK;

	if (room > ARENA_BLOCK * ARENA_GROWS)
		room = ARENA_BLOCK * ARENA_GROWS;
	if (room < sizeof(*b) + size)
		room = sizeof(*b) + size;
	b = xlarge(room);
	*b = (struct arena_block){
		.next = a->newest, .size = room - sizeof(*b),
	};
	return a->newest = b;
}

void *arena_take(struct arena *a, size_t size)
{
	struct arena_block *b = a->newest;
	void *p;

	size = (size + 7) & ~(size_t)7;
	if (!b || b->size - b->used < size)
		b = new_block(a, size);
	p = b->data + b->used;
	b->used += size;
	return p;
}

void arena_reset(struct arena *a)
{
	if (!a->newest)
		return;
	free_blocks(a->newest->next);
	a->newest->next = NULL;
	a->newest->used = 0;
}

void arena_free(struct arena *a)
{
	free_blocks(a->newest);
	a->newest = NULL;
}
