/* SPDX-License-Identifier: MIT */
/*
 * Writes calls that are the same to the letter once.
 *
 * Of eight or more of them in a row, inside of one call, the first comes out,
 * with "N times " before it.  That goes from the inside out: a call whose
 * insides are folded can be one of a row.  Outermost calls are not folded.
 *
 * A struct rows begins as { .out = OUT } and ends with rows_free().  The text
 * of an outermost call is held until it ends, or until it is longer than
 * ROWS_HELD; what was let go is not folded with what follows.  So the memory
 * has a bound, and the same calls always come out the same.
 */
#ifndef KVT_ROWS_H
#define KVT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum {
	ROWS_LEAST = 8,		/* calls that make a row */
	ROWS_HELD = 1 << 16,	/* bytes */
};

/* What is known of the calls at one depth. */
struct row {
	size_t begins;		/* the call that is open, in the held text */
	bool let_go;		/* its beginning is not held any more */
	size_t first, size;	/* the first call of the row that is last */
	unsigned int times;	/* calls in that row; 0: there is none */
};

struct rows {
	struct buf *out;	/* what is let go is appended here */
	bool unfold;		/* fold nothing */
	struct buf held;	/* lines are appended here */
	struct row *row;	/* by depth; an array of base/vec.h */
};

/* A call begins at DEPTH, 0 for an outermost one; its line comes next. */
void rows_begin(struct rows *r, long depth);
/* The calls at DEPTH and deeper are over; a line that closes the one around
 * them comes next. */
void rows_close(struct rows *r, long depth);
/* The call at DEPTH that began last is whole: its last line is in the held
 * text. */
void rows_end(struct rows *r, long depth);
void rows_free(struct rows *r);

#endif
