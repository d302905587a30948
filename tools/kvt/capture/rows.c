// SPDX-License-Identifier: MIT
/* Writes calls that are the same to the letter once. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "capture/rows.h"

void rows_begin(struct rows *r, long depth)
{
	static const struct row none;

	if (depth == arrlen(r->row))
		arrput(r->row, none);
	r->row[depth].begins = r->held.size;
	r->row[depth].let_go = false;
}

/* Puts TEXT into what is held, at AT. */
static void insert(struct buf *held, size_t at, const char *text, size_t size)
{
	buf_reserve(held, size);
	memmove(held->text + at + size, held->text + at, held->size - at);
	memcpy(held->text + at, text, size);
	held->size += size;
}

/* Ends the row at DEPTH: its first call says how many there were.  Returns
 * by how many bytes the text behind it moved. */
static size_t finish_row(struct rows *r, long depth)
{
	struct row *row = &r->row[depth];
	size_t size = 0;
	char times[32];

	if (row->times >= ROWS_LEAST) {
		size = snprintf(times, sizeof(times), "%u times ", row->times);
		insert(&r->held, row->first + 2 * depth, times, size);
	}
	row->times = 0;
	return size;
}

void rows_close(struct rows *r, long depth)
{
	if (depth < arrlen(r->row))
		finish_row(r, depth);
}

/* Is the call at DEPTH, which just ended, the same as the row before it? */
static bool is_one_more(const struct rows *r, const struct row *row)
{
	const char *text = r->held.text;

	return row->times && row->size == r->held.size - row->begins &&
	       !memcmp(text + row->first, text + row->begins, row->size);
}

/* The call that just ended is one more of its row, or begins one. */
static void add_to_row(struct rows *r, long depth)
{
	struct row *row = &r->row[depth];

	if (is_one_more(r, row)) {
		/* Fewer than a row has are written one by one. */
		if (++row->times >= ROWS_LEAST)
			r->held.size = row->first + row->size;
		return;
	}
	row->begins += finish_row(r, depth);
	row->first = row->begins;
	row->size = r->held.size - row->begins;
	row->times = 1;
}

/* Gives all text away.  The calls around DEPTH are still open. */
static void let_go(struct rows *r, long depth)
{
	/* Inner rows stand behind outer ones, which move them. */
	for (long i = depth; i >= 0; i--) {
		finish_row(r, i);
		r->row[i].let_go = true;
	}
	buf_add(r->out, r->held.text, r->held.size);
	buf_clear(&r->held);
}

void rows_end(struct rows *r, long depth)
{
	if (!r->unfold && !r->row[depth].let_go)
		add_to_row(r, depth);
	/* So an outermost call is never the second of a row. */
	if (!depth || r->held.size > ROWS_HELD)
		let_go(r, depth);
}

void rows_free(struct rows *r)
{
	buf_free(&r->held);
	arrfree(r->row);
}
