/* SPDX-License-Identifier: MIT */
/*
 * The gaps of a tree: where what no tracer sees may have run, or ran.
 *
 * Who walks a tree calls gaps_enter() and gaps_leave() around each node, and
 * gaps_before() before each child and, with NULL, at the end.  A struct gaps
 * that is NULL has no gaps.  What may die is said at gaps/gap_table.h.
 */
#ifndef KVT_GAPS_H
#define KVT_GAPS_H

#include <stdbool.h>

#include "capture/capture.h"
#include "gaps/gap_table.h"

/* A gap at its place; valid during the call that it is given to. */
struct gap_shown {
	const struct gap_chain *gap;
	int first;		/* the step that is the first to be shown */
	bool ran;		/* for sure, as the calls around it tell */
};

/* DEPTH is what the walk passed on. */
typedef void gap_each(void *data, const struct gap_shown *s, long depth);

struct gaps;
/* The gaps.tsv in the directory of the index SYMBOLS. */
struct gaps *gaps_beside(const char *symbols);
/* From here on, gaps are those of C: returns G.  NULL, with a warning: C is of
 * another kernel than the table, and G was freed.  G may be NULL. */
struct gaps *gaps_choose(struct gaps *g, const struct capture *c);
void gaps_free(struct gaps *g);

void gaps_enter(struct gaps *g, const struct node *n);
void gaps_leave(struct gaps *g);
/* Calls EACH with the gaps of the node that was entered last that stand before
 * CHILD and were not told yet; NULL: with those behind its last child. */
void gaps_before(struct gaps *g, const struct node *child, gap_each *each,
		 void *data, long depth);
/* The same for all gaps in the node that was entered last and below it, but
 * for functions merged into it: where the walk goes no deeper. */
void gaps_below(struct gaps *g, gap_each *each, void *data, long depth);
/* Has the node that was entered last a gap? */
bool gaps_any(const struct gaps *g);
/* "may run, inlined" and the like: what to say of it. */
const char *gap_words(const struct gap_shown *s);

#endif
