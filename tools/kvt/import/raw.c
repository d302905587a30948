// SPDX-License-Identifier: MIT
/* Reads the ring buffer's pages back, in order of time over all CPUs. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <kbuffer.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/raw.h"

enum { HEAD = 16 };		/* bytes of a page before its events */

/* Pages that one read fetches.  The fuzzer fetches one at a time, so that
 * the sanitizer sees where it ends. */
#ifndef RAW_PAGES
#define RAW_PAGES 16
#endif

struct cpu {
	struct kbuffer *buffer;
	FILE *in;
	char *block;		/* the last pages read */
	size_t filled, at;	/* bytes of BLOCK; AT is that of the next page */
	const char *page;	/* the current page, in BLOCK */
	size_t pages;		/* read so far */
	struct raw_event event;
};

struct raw {
	struct cpu **cpu;	/* stb_ds */
	struct cpu **next;	/* a heap: those with an event left, by time */
	size_t nexts;
	size_t page;		/* bytes of one */
	unsigned long long lost;
	bool started, given;	/* raw_next() has returned the first of NEXT */
};

/* --- pages ---------------------------------------------------------- */

static uint32_t word_at(const char *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Bytes of events on a page; the bits above say that some are missing. */
static size_t written_on(const char *page)
{
	return word_at(page + 8) & 0xfffff;
}

/*
 * Returns the length of the entry at P, LEFT bytes before the page's end; 0:
 * it is no entry.  The layout is the kernel's ring_buffer_event.
 */
static size_t entry_size(const char *p, size_t left, size_t page)
{
	enum { PADDING = 29 };	/* above it: two kinds of time stamps */
	uint32_t type = word_at(p) & 31, size;

	if (type > 0 && type < PADDING)
		return 4 + 4 * type;
	if (left < 8)
		return 0;
	if (type > PADDING)
		return 8;
	/* Padding at the end has no size. */
	if (type == PADDING && !(word_at(p) >> 5))
		return left;
	size = word_at(p + 4);
	/* The size includes its own word. */
	if (size % 4 || size < 4 || size > page)
		return 0;
	return 4 + size;
}

/* Checks that all entries of a page are whole and inside it, because
 * libtraceevent believes every length that it finds. */
static bool is_sound(const char *page, size_t page_size)
{
	size_t size = written_on(page), at = 0;

	if (size > page_size - HEAD || size % 4)
		return false;
	while (at < size) {
		size_t entry = entry_size(page + HEAD + at, size - at,
					  page_size);

		if (!entry || entry > size - at)
			return false;
		at += entry;
	}
	return true;
}

/* Reads the CPU's next pages; false at the end. */
static bool fill_block(struct raw *r, struct cpu *c)
{
	if (!c->block)
		c->block = xrealloc(NULL, RAW_PAGES * r->page);
	c->at = 0;
	c->filled = fread(c->block, 1, RAW_PAGES * r->page, c->in);
	if (ferror(c->in))
		die(KVT_FAILED, "cannot read the recording of CPU %d: %s",
		    c->event.cpu, strerror(errno));
	return c->filled > 0;
}

/* Moves to the CPU's next page; false at the end. */
static bool next_page(struct raw *r, struct cpu *c)
{
	int missed;

	if (c->at == c->filled && !fill_block(r, c))
		return false;
	if (c->filled - c->at < r->page)
		die(KVT_BAD_CAPTURE, "the recording ends inside a page");
	c->page = c->block + c->at;
	c->at += r->page;
	if (!is_sound(c->page, r->page) ||
	    kbuffer_load_subbuffer(c->buffer, (char *)c->page))
		die(KVT_BAD_CAPTURE, "the recording was altered: page %zu of"
		    " CPU %d is not sound", c->pages, c->event.cpu);
	c->pages++;
	missed = kbuffer_missed_events(c->buffer);
	if (missed)	/* -1: some, but the kernel could not say how many */
		r->lost += missed > 0 ? missed : 1;
	return true;
}

/* --- events of a CPU ------------------------------------------------ */

/*
 * After an entry that only tells the time libtraceevent continues, even if the
 * page ends there, and may read outside of the page.
 */
static bool is_in_page(const struct cpu *c, const char *data, size_t size)
{
	const char *end = c->page + HEAD + written_on(c->page);

	return data >= c->page + HEAD && data < end &&
	       size <= (size_t)(end - data);
}

/* Finds the CPU's current event, or the first one on its next pages; false:
 * there is none. */
static bool find_event(struct raw *r, struct cpu *c)
{
	unsigned long long ts;
	char *data = c->page ? kbuffer_read_event(c->buffer, &ts) : NULL;

	while (!data) {
		if (!next_page(r, c))
			return false;
		data = kbuffer_read_event(c->buffer, &ts);
	}
	c->event.size = kbuffer_event_size(c->buffer);
	if (!is_in_page(c, data, c->event.size))
		die(KVT_BAD_CAPTURE, "the recording was altered: an event of"
		    " CPU %d is not inside of its page", c->event.cpu);
	c->event.ts = ts;
	c->event.data = data;
	return true;
}

/* --- order of time -------------------------------------------------- */

static bool comes_before(const struct cpu *a, const struct cpu *b)
{
	return a->event.ts != b->event.ts ? a->event.ts < b->event.ts :
					    a->event.cpu < b->event.cpu;
}

/* Moves the CPU at index AT of the heap down, if it is later than those below
 * it. */
static void sift_down(struct raw *r, size_t at)
{
	struct cpu *c = r->next[at];

	for (;;) {
		size_t below = 2 * at + 1;

		if (below + 1 < r->nexts &&
		    comes_before(r->next[below + 1], r->next[below]))
			below++;
		if (below >= r->nexts || !comes_before(r->next[below], c))
			break;
		r->next[at] = r->next[below];
		at = below;
	}
	r->next[at] = c;
}

/* Finds the first event of each CPU. */
static void start_reading(struct raw *r)
{
	r->next = xrealloc(r->next, (arrlenu(r->cpu) + 1) * sizeof(*r->next));
	r->nexts = 0;
	for (size_t i = 0; i < arrlenu(r->cpu); i++)
		if (find_event(r, r->cpu[i]))
			r->next[r->nexts++] = r->cpu[i];
	for (size_t i = r->nexts / 2; i-- > 0; )
		sift_down(r, i);
	r->started = true;
}

const struct raw_event *raw_next(struct raw *r)
{
	if (!r->started)
		start_reading(r);
	if (r->given) {
		struct cpu *c = r->next[0];

		kbuffer_next_event(c->buffer, NULL);
		if (!find_event(r, c))
			r->next[0] = r->next[--r->nexts];
		if (r->nexts > 1)
			sift_down(r, 0);
	}
	r->given = r->nexts > 0;
	return r->given ? &r->next[0]->event : NULL;
}

/* --- the interface -------------------------------------------------- */

struct raw *raw_new(size_t page)
{
	struct raw *r = xcalloc(1, sizeof(*r));

	r->page = page;
	return r;
}

void raw_add_cpu(struct raw *r, FILE *pages)
{
	struct cpu *c = xcalloc(1, sizeof(*c));

	c->in = pages;
	c->event.cpu = arrlen(r->cpu);
	c->buffer = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	if (!c->buffer)
		die(KVT_FAILED, "out of memory");
	/* We read whole blocks, so a buffer would not help. */
	setvbuf(pages, NULL, _IONBF, 0);
	arrput(r->cpu, c);
}

struct raw *raw_open(const char *dir, const char *name, size_t page)
{
	struct raw *r = raw_new(page);

	for (;;) {
		char *path = xasprintf("%s/%s%zu.raw", dir, name,
				       arrlenu(r->cpu));
		FILE *pages = open_file_if(path, "re");

		free(path);
		if (!pages)
			break;
		raw_add_cpu(r, pages);
	}
	if (!arrlen(r->cpu))
		die(KVT_FAILED, "%s holds no recording (no %s0.raw)", dir,
		    name);
	return r;
}

void raw_rewind(struct raw *r)
{
	for (size_t i = 0; i < arrlenu(r->cpu); i++) {
		struct cpu *c = r->cpu[i];

		rewind(c->in);
		c->at = c->filled = c->pages = 0;
		c->page = NULL;
	}
	r->lost = 0;
	r->started = r->given = false;
}

unsigned long long raw_lost(const struct raw *r)
{
	return r->lost;
}

void raw_close(struct raw *r)
{
	for (size_t i = 0; i < arrlenu(r->cpu); i++) {
		kbuffer_free(r->cpu[i]->buffer);
		fclose(r->cpu[i]->in);
		free(r->cpu[i]->block);
		free(r->cpu[i]);
	}
	arrfree(r->cpu);
	free(r->next);
	free(r);
}
