// SPDX-License-Identifier: MIT
/*
 * kvt export --format folded: stacks with their weights, for flame graphs.
 * A frame of an ioctl's request stands on that of the ioctl.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "view/export.h"
#include "view/json_call.h"

/* An open call, an ancestor of the current one. */
struct folded_frame {
	uint64_t duration, inside;	/* ns, including its children */
	long recorded;		/* depth of the nearest recorded call */
	size_t stack;		/* bytes of its stack, as text */
};

struct weight {
	UT_hash_handle hh;
	uint64_t weight;
	char stack[];
};

struct folded {
	struct folded_frame *call;	/* by depth: stb_ds */
	struct buf stack;	/* "program;ioctl;KVM_RUN;..." */
	struct weight *weights;
};

static void folded_begin(struct export *e)
{
	e->own = xcalloc(1, sizeof(struct folded));
}

static void add_weight(struct folded *f, uint64_t weight)
{
	struct weight *w;

	HASH_FIND(hh, f->weights, f->stack.text, f->stack.size, w);
	if (!w) {
		w = xcalloc(1, sizeof(*w) + f->stack.size + 1);
		memcpy(w->stack, f->stack.text, f->stack.size + 1);
		HASH_ADD_KEYPTR(hh, f->weights, w->stack, f->stack.size, w);
	}
	w->weight += weight;
}

static void cut_stack(struct folded *f, size_t size)
{
	f->stack.size = size;
	if (f->stack.text)
		f->stack.text[size] = '\0';
}

/* Replaces semicolons and newlines, which would split a frame or a line. */
static void push_frame(struct folded *f, const char *name, size_t length)
{
	if (f->stack.size)
		buf_putc(&f->stack, ';');
	for (size_t i = 0; i < length; i++)
		buf_putc(&f->stack, strchr("; \t\r\n", name[i]) ? '_' : name[i]);
}

static void push_frames_of(struct folded *f, const struct node *n)
{
	size_t length;
	const char *request = call_request(n, &length);

	push_frame(f, n->name, strlen(n->name));
	if (request)
		push_frame(f, request, length);
}

/* Writes the outermost frame of a thread. */
static void push_thread(struct folded *f, const struct export *e)
{
	const char *program = capture_header(e->c, "program") ?: "?";
	char *base = e->c->threads > 1 ? xasprintf("%s/%s", program,
						   e->thread->name)
				       : xstrdup(program);

	push_frame(f, base, strlen(base));
	free(base);
}

static void folded_enter(void *data, const struct node *n, long depth,
			 long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct folded *f = e->own;
	const struct record_time *m;
	struct folded_frame open = { .recorded = depth };
	long in = depth ? f->call[depth - 1].recorded : -1;

	(void)level;
	(void)times;
	(void)below;
	record_clock_enter(&e->clock, n);
	m = record_clock_now(&e->clock, n);
	if (n->kind == NODE_EVENT)
		return;
	open.duration = m ? m->duration : 0;
	if (is_level(n))
		open.recorded = in;
	if (in >= 0)
		f->call[in].inside += open.duration;
	cut_stack(f, depth ? f->call[depth - 1].stack : 0);
	if (!depth)
		push_thread(f, e);
	push_frames_of(f, n);
	open.stack = f->stack.size;
	arrsetlen(f->call, depth);
	arrput(f->call, open);
}

/* A call weighs its own time, without its children's. */
static void folded_leave(void *data, const struct node *n, long depth)
{
	struct export *e = data;
	struct folded *f = e->own;
	const struct folded_frame *call;

	if (n->kind == NODE_EVENT || is_level(n))
		return;
	call = &f->call[depth];
	cut_stack(f, call->stack);
	if (!e->clock.moment)
		add_weight(f, 1);
	else if (call->duration > call->inside)
		add_weight(f, call->duration - call->inside);
}

static int by_stack(const struct weight *a, const struct weight *b)
{
	return strcmp(a->stack, b->stack);
}

static void folded_end(struct export *e)
{
	struct folded *f = e->own;
	struct weight *w, *next;

	HASH_SORT(f->weights, by_stack);
	HASH_ITER(hh, f->weights, w, next) {
		fprintf(e->out, "%s %" PRIu64 "\n", w->stack, w->weight);
		HASH_DEL(f->weights, w);
		free(w);
	}
	arrfree(f->call);
	buf_free(&f->stack);
	free(f);
}

const struct export_format export_folded = {
	.name = "folded", .begin = folded_begin,
	.ops = { .enter = folded_enter, .leave = folded_leave },
	.end = folded_end,
};
