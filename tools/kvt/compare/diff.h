/* SPDX-License-Identifier: MIT */
/*
 * kvt diff: what one capture has that another has not.
 *
 *   selected.c     what the options select of each capture
 *   unit.c         rows of siblings: calls, and groups that repeat
 *   align.c        which units of A go with which of B
 *   merge.c        one tree of both, merged.c its nodes
 *   moves.c        what moved
 *   diff_print.c   walks the merged tree, diff_text.c and diff_html.c write it
 *   diff.c         the command
 */
#ifndef KVT_DIFF_H
#define KVT_DIFF_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/merged.h"
#include "view/html.h"
#include "view/show.h"

/* A thread of both, merged. */
struct merged_thread {
	const char *name;	/* a capture's */
	struct merged_call root;
};

struct diff {
	const struct capture *c[2];
	struct merged_thread *thread;	/* an array of base/vec.h */
	unsigned long compared;		/* records of A that were compared */
	bool args;			/* compare arguments and results */
	long depth;			/* levels to show; 0: all */
	struct painter text;
	struct page page;
	struct fragment fragment;	/* that the page is written to */
	unsigned long calls[MARKS];	/* set by diff_count() */
};

/* Counts the calls by what became of them; true if there is a difference. */
bool diff_count(struct diff *d);
/* Prints the merged tree to standard output, for the terminal or as HTML. */
void diff_print(const struct diff *d, bool html);

#endif
