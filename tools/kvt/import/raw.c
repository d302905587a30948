// SPDX-License-Identifier: MIT
/* Reads the ring buffer's pages back, in order of time over all CPUs. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <kbuffer.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "import/raw.h"

enum { PAGE = 4096 };

struct cpu {
	struct kbuffer *buffer;
	char *pages;
	size_t size, at;	/* bytes; AT is that of the next page */
	struct raw_event event;
	bool ended;
};

struct raw {
	struct cpu *cpu;
	int cpus;
	unsigned long long lost;
	struct cpu *given;	/* whose event raw_next() returned last */
};

static uint32_t word_at(const char *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/*
 * How long the entry at P of a page is, of which LEFT bytes are written; 0:
 * not an entry.  The layout is that of the kernel's ring_buffer_event.
 */
static size_t entry_size(const char *p, size_t left)
{
	enum { PADDING = 29, TIME_STAMP = 31 };
	uint32_t type = word_at(p) & 31, size;

	if (type > 0 && type < PADDING)
		return 4 + 4 * type;
	if (left < 8)
		return 0;
	if (type > PADDING)
		return 8;	/* TIME_EXTEND, TIME_STAMP */
	/* Padding that nothing follows has no size. */
	if (type == PADDING && !(word_at(p) >> 5))
		return left;
	size = word_at(p + 4);
	/* Of data, it counts itself. */
	if (size % 4 || size < 4 || size > PAGE)
		return 0;
	return 4 + size;
}

/* libtraceevent believes every length that it finds in a page: are the
 * entries of this one whole, and inside of it? */
static bool is_sound(const char *page)
{
	/* 8 bytes of time; the bits above 20 say that events are missing. */
	size_t size = word_at(page + 8) & 0xfffff, at = 0;

	if (size > PAGE - 16 || size % 4)
		return false;
	while (at < size) {
		size_t entry = entry_size(page + 16 + at, size - at);

		if (!entry || entry > size - at)
			return false;
		at += entry;
	}
	return true;
}

/* Loads the CPU's next page; false at the end. */
static bool next_page(struct raw *r, struct cpu *c)
{
	int missed;

	if (c->at >= c->size)
		return false;
	if (c->size - c->at < PAGE)
		die(KVT_BAD_CAPTURE, "the recording ends inside a page");
	if (!is_sound(c->pages + c->at) ||
	    kbuffer_load_subbuffer(c->buffer, c->pages + c->at))
		die(KVT_BAD_CAPTURE, "the recording was altered: page %zu of"
		    " CPU %d is not sound", c->at / PAGE, c->event.cpu);
	c->at += PAGE;
	missed = kbuffer_missed_events(c->buffer);
	if (missed)	/* -1: some, but the kernel could not say how many */
		r->lost += missed > 0 ? missed : 1;
	return true;
}

/*
 * libtraceevent goes on behind an entry that only tells the time, even if
 * the page ends there: is what it found still in the page?
 */
static bool is_in_page(const struct cpu *c, const char *data)
{
	const char *page = c->pages + c->at - PAGE;
	size_t written = word_at(page + 8) & 0xfffff;

	return data >= page + 16 && data < page + 16 + written;
}

static void advance(struct raw *r, struct cpu *c)
{
	unsigned long long ts;
	void *data = kbuffer_read_event(c->buffer, &ts);

	while (!data) {
		if (!next_page(r, c)) {
			c->ended = true;
			return;
		}
		data = kbuffer_read_event(c->buffer, &ts);
	}
	if (!is_in_page(c, data) ||
	    !is_in_page(c, (char *)data + kbuffer_event_size(c->buffer) - 1))
		die(KVT_BAD_CAPTURE, "the recording was altered: an event of"
		    " CPU %d is not inside of its page", c->event.cpu);
	c->event.ts = ts;
	c->event.data = data;
	c->event.size = kbuffer_event_size(c->buffer);
}

void raw_add_cpu(struct raw *r, char *pages, size_t size)
{
	struct cpu *c;

	r->cpu = xrealloc(r->cpu, (r->cpus + 1) * sizeof(*r->cpu));
	c = &r->cpu[r->cpus];
	*c = (struct cpu){ .pages = pages, .size = size };
	c->event.cpu = r->cpus++;
	c->buffer = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	if (!c->buffer)
		die(KVT_FAILED, "out of memory");
	if (next_page(r, c))
		advance(r, c);
	else
		c->ended = true;
}

struct raw *raw_new(void)
{
	return xcalloc(1, sizeof(struct raw));
}

struct raw *raw_open(const char *dir, const char *name)
{
	struct raw *r = raw_new();

	for (;;) {
		char *path = xasprintf("%s/%s%d.raw", dir, name, r->cpus);
		size_t size;
		char *pages = read_file_if(path, &size);

		free(path);
		if (!pages)
			break;
		raw_add_cpu(r, pages, size);
	}
	if (!r->cpus)
		die(KVT_FAILED, "%s holds no recording (no %s0.raw)", dir,
		    name);
	return r;
}

struct raw_event *raw_next(struct raw *r)
{
	struct cpu *first = NULL;

	if (r->given) {
		kbuffer_next_event(r->given->buffer, NULL);
		advance(r, r->given);
		r->given = NULL;
	}
	for (int i = 0; i < r->cpus; i++) {
		struct cpu *c = &r->cpu[i];

		if (!c->ended && (!first || c->event.ts < first->event.ts))
			first = c;
	}
	r->given = first;
	return first ? &first->event : NULL;
}

unsigned long long raw_lost(const struct raw *r)
{
	return r->lost;
}

void raw_close(struct raw *r)
{
	for (int i = 0; i < r->cpus; i++) {
		kbuffer_free(r->cpu[i].buffer);
		free(r->cpu[i].pages);
	}
	free(r->cpu);
	free(r);
}
