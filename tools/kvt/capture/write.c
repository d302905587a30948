// SPDX-License-Identifier: MIT
/* Writes the .kvt format, from calls as they begin and end. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "capture/capture.h"
#include "capture/rows.h"
#include "capture/walk.h"
#include "capture/write.h"

/* --- lines ---------------------------------------------------------- */

static void indent_line(struct buf *out, long depth)
{
	static const char blanks[] = "                                ";
	size_t left = 2 * depth;

	while (left) {
		size_t some = left < sizeof(blanks) - 1 ? left :
							  sizeof(blanks) - 1;

		buf_add(out, blanks, some);
		left -= some;
	}
}

void call_begins(struct call_writer *w, const struct node *n)
{
	static const char sigil[] = {
		[NODE_SYSCALL] = '@', [NODE_EVENT] = '!',
		[NODE_INLINED] = '~', [NODE_UNSEEN] = '?',
	};

	struct buf *out = &w->rows.held;

	if (w->line_open)
		buf_puts(out, " {\n");
	rows_begin(&w->rows, w->depth);
	indent_line(out, w->depth++);
	if (n->kind != NODE_CALL)
		buf_putc(out, sigil[n->kind]);
	buf_puts(out, n->name);
	buf_putc(out, '(');
	buf_puts(out, n->args);
	buf_putc(out, ')');
	if (n->place) {
		buf_puts(out, " at ");
		buf_puts(out, n->place);
	}
	w->line_open = true;
}

void call_ends(struct call_writer *w, const struct node *n)
{
	struct buf *out = &w->rows.held;

	if (!w->line_open) {
		rows_close(&w->rows, w->depth);
		indent_line(out, w->depth - 1);
		buf_putc(out, '}');
	}
	w->depth--;
	if (n->open)
		buf_puts(out, " never returned");
	if (n->result) {
		buf_puts(out, " = ");
		buf_puts(out, n->result);
	}
	buf_putc(out, '\n');
	w->line_open = false;
	rows_end(&w->rows, w->depth);
}

void call_writer_free(struct call_writer *w)
{
	rows_free(&w->rows);
}

/* --- a view of a capture -------------------------------------------- */

struct view_writer {
	FILE *out;
	struct sha256_ctx sum;
	unsigned long records;
	struct buf text;	/* not yet written to OUT */
	struct call_writer calls;
};

static void flush_text(struct view_writer *w)
{
	fwrite(w->text.text, 1, w->text.size, w->out);
	sha256_update(&w->sum, w->text.size, (const uint8_t *)w->text.text);
	buf_clear(&w->text);
}

static void add_header_line(struct view_writer *w, const char *before,
		       const char *text)
{
	buf_puts(&w->text, before);
	buf_puts(&w->text, text);
	buf_putc(&w->text, '\n');
}

static void write_thread(void *data, const struct thread *t)
{
	add_header_line(data, "thread ", t->name);
}

/* We walk unfolded calls, so there are no groups. */
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
	struct view_writer *w = data;

	(void)depth;
	(void)level;
	(void)times;
	(void)below;
	w->records += !is_level(n);
	call_begins(&w->calls, n);
}

static void write_leave(void *data, const struct node *n, long depth)
{
	enum { ENOUGH = 1 << 16 };
	struct view_writer *w = data;

	(void)depth;
	call_ends(&w->calls, n);
	if (w->text.size > ENOUGH)
		flush_text(w);
}

static const struct tree_ops write_ops = {
	write_thread, write_group, write_group_end, write_enter, write_leave,
};

void capture_write(FILE *out, const struct capture *c, const struct view *view)
{
	struct view_writer w = { .out = out };
	struct view all = *view;
	char hex[65];

	all.unfold = true;
	w.calls.rows.out = &w.text;
	w.calls.rows.unfold = view->unfold;
	sha256_init(&w.sum);
	for (unsigned int i = 0; i < c->headers; i++)
		add_header_line(&w, "", c->header[i]);
	/* The walk names threads only if there are several. */
	if (c->threads == 1)
		write_thread(&w, &c->thread[0]);
	tree_walk(c, &all, &write_ops, &w);
	flush_text(&w);
	sha256_end(&w.sum, hex);
	fprintf(out, "end %lu sha256:%s\n", w.records, hex);
	call_writer_free(&w.calls);
	buf_free(&w.text);
}
