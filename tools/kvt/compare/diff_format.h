/* SPDX-License-Identifier: MIT */
/*
 * The formats of kvt diff: for the terminal and for the book.
 *
 * A struct diff borrows the captures and the index that it points to.
 */
#ifndef KVT_DIFF_FORMAT_H
#define KVT_DIFF_FORMAT_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/merged.h"
#include "view/fragment.h"
#include "view/html.h"
#include "view/show.h"

/* A thread of both, merged. */
struct merged_thread {
	const char *name;	/* a capture's */
	struct merged_call root;
};

struct diff {
	const struct capture *c[2];
	const char *name[2];	/* of the sides, in words: "only in A" */
	struct merged_thread *thread;	/* an array of base/vec.h */
	unsigned long compared;		/* records of A that were compared */
	bool args;			/* compare arguments and results */
	long depth;			/* levels to show; 0: all */
	struct painter text;
	struct page page;
	struct fragment fragment;	/* that the page is written to */
	unsigned long calls[MARKS];	/* set by diff_count() */
};

/* Where a call stands in what is printed. */
struct diff_place {
	long depth;	/* of the line, groups included */
	long level;	/* of the call */
	long inside;	/* levels below the first call with the same mark */
	bool cut;	/* what is below the call is too deep to be shown */
};

/* What a format does with what the walk of the merged tree meets. */
struct diff_format {
	void (*begin)(const struct diff *d);
	void (*begin_tree)(const struct diff *d); /* something differs */
	void (*thread)(const struct diff *d, const char *name);
	void (*group)(const struct diff *d, const struct merged_call *first,
		      long depth);
	void (*group_end)(const struct diff *d);
	/* A row of calls that both have. */
	void (*same)(const struct diff *d, const struct merged_call *row,
		     long depth);
	void (*enter)(const struct diff *d, const struct merged_call *m,
		      const struct diff_place *at);
	void (*leave)(const struct diff *d, const struct merged_call *m);
	void (*end_tree)(const struct diff *d);
	void (*end)(const struct diff *d, const char *summary);
};

extern const struct diff_format diff_text, diff_html;

/* "× 512 | × 3", or "× 2" where both have as many; "" where it comes once.
 * To be freed. */
char *diff_times(const unsigned int times[2]);
/* "… 3 differences below"; to be freed. */
char *diff_below(const struct merged_call *m);
/* How many siblings a row of the same stands for. */
unsigned long diff_siblings(const struct merged_call *row);

#endif
