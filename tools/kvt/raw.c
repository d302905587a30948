// SPDX-License-Identifier: MIT
/* Reads the ring buffer's pages back, in order of time over all CPUs. */
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <kbuffer.h>

#include "kvt.h"

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

/* Loads the CPU's next page; false at the end. */
static bool next_page(struct raw *r, struct cpu *c)
{
	int missed;

	if (c->at >= c->size)
		return false;
	if (c->size - c->at < PAGE ||
	    kbuffer_load_subbuffer(c->buffer, c->pages + c->at))
		die(KVT_BAD_CAPTURE, "the recording ends inside a page");
	c->at += PAGE;
	missed = kbuffer_missed_events(c->buffer);
	if (missed)	/* -1: some, but the kernel could not say how many */
		r->lost += missed > 0 ? missed : 1;
	return true;
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
	c->event.ts = ts;
	c->event.data = data;
	c->event.size = kbuffer_event_size(c->buffer);
}

struct raw *raw_open(const char *dir)
{
	struct raw *r = xcalloc(1, sizeof(*r));

	for (;;) {
		char *path = xasprintf("%s/cpu%d.raw", dir, r->cpus);
		size_t size;
		char *pages = read_file_if(path, &size);
		struct cpu *c;

		free(path);
		if (!pages)
			break;
		r->cpu = xrealloc(r->cpu, (r->cpus + 1) * sizeof(*r->cpu));
		c = &r->cpu[r->cpus];
		*c = (struct cpu){ .pages = pages, .size = size };
		c->event.cpu = r->cpus++;
		c->buffer = kbuffer_alloc(KBUFFER_LSIZE_8,
					  KBUFFER_ENDIAN_LITTLE);
		if (!c->buffer)
			die(KVT_FAILED, "out of memory");
		if (next_page(r, c))
			advance(r, c);
		else
			c->ended = true;
	}
	if (!r->cpus)
		die(KVT_FAILED, "%s holds no recording (no cpu0.raw)", dir);
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
