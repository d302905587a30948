// SPDX-License-Identifier: MIT
/* Writes a capture: the .kvt format, from a tree. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "capture/write.h"

struct writer {
	FILE *out;
	struct sha256_ctx sum;
	unsigned long records;
	bool leaf;		/* the call just entered is a line of its own */
};

static void put(struct writer *w, const char *text)
{
	size_t size = strlen(text);

	fwrite(text, 1, size, w->out);
	sha256_update(&w->sum, size, (const uint8_t *)text);
}

static void indent(struct writer *w, long depth)
{
	while (depth--)
		put(w, "  ");
}

static void put_result(struct writer *w, const struct node *n)
{
	if (n->open)
		put(w, " never returned");
	if (n->result) {
		put(w, " = ");
		put(w, n->result);
	}
	put(w, "\n");
}

static void write_thread(void *data, const struct thread *t)
{
	put(data, "thread ");
	put(data, t->name);
	put(data, "\n");
}

/* No groups: what is written is unfolded. */
static void write_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void write_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static void write_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	static const char *const sigil[] = {
		[NODE_CALL] = "", [NODE_SYSCALL] = "@", [NODE_EVENT] = "!",
		[NODE_INLINED] = "~", [NODE_UNSEEN] = "?",
	};
	struct writer *w = data;

	(void)level;
	(void)times;
	w->records += !is_level(n);
	indent(w, depth);
	put(w, sigil[n->kind]);
	put(w, n->name);
	put(w, "(");
	put(w, n->args);
	put(w, ")");
	if (n->place) {
		put(w, " at ");
		put(w, n->place);
	}
	w->leaf = !n->children || below;
	if (w->leaf)
		put_result(w, n);
	else
		put(w, " {\n");
}

static void write_leave(void *data, const struct node *n, long depth)
{
	struct writer *w = data;

	if (!w->leaf) {
		indent(w, depth);
		put(w, "}");
		put_result(w, n);
	}
	w->leaf = false;
}

static const struct tree_ops write_ops = {
	write_thread, write_group, write_group_end, write_enter, write_leave,
};

void capture_write(FILE *out, const struct capture *c, const struct view *view)
{
	struct writer w = { .out = out };
	struct view all = *view;
	char hex[65];

	all.unfold = true;
	sha256_init(&w.sum);
	for (unsigned int i = 0; i < c->headers; i++) {
		put(&w, c->header[i]);
		put(&w, "\n");
	}
	/* The walk names threads only where there are several. */
	if (c->threads == 1)
		write_thread(&w, &c->thread[0]);
	tree_walk(c, &all, &write_ops, &w);
	sha256_end(&w.sum, hex);
	fprintf(out, "end %lu sha256:%s\n", w.records, hex);
}
