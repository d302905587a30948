/* SPDX-License-Identifier: MIT */
/*
 * The merged tree of two captures: what became of each call.
 *
 * Its nodes point to those of the captures' trees, which must outlive it.
 * A root begins as zeroes with the mark BOTH and ends with merged_free();
 * the functions that say something of a node die only for want of memory.
 */
#ifndef KVT_MERGED_H
#define KVT_MERGED_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

enum mark {
	SAME,		/* a row of siblings that both have, children and all;
			 * or one of that row */
	BOTH,		/* something below it differs */
	CHANGED,	/* itself: how often it comes, or its result */
	MOVED,
	ONLY_A,
	ONLY_B,
	MARKS
};

struct merged_call {
	enum mark mark;
	bool leader;		/* the first of its group */
	unsigned int group;	/* how many calls the group has; 1: none */
	unsigned int times[2];	/* it comes in a row, in A and in B */
	unsigned int rounds[2];	/* of the group that it leads */
	const struct node *of[2];	/* NULL: that capture has none; both
					 * are NULL for a root and a row */
	uint64_t identity;	/* of what only one has */
	struct merged_call *parent;
	struct merged_call **child;	/* an array of base/vec.h */
	char *note;		/* of what moved: where to or from; or NULL */
};

struct merged_call *merged_add(struct merged_call *parent, enum mark mark);
/* Makes the children of PARENT from FIRST on a group, that comes so often
 * in A and in B. */
void merged_group(struct merged_call *parent, unsigned int first,
		  unsigned int a, unsigned int b);
/* What became of the group as a whole that FIRST leads. */
enum mark merged_group_mark(const struct merged_call *first);
/* Frees all below M, but not M. */
void merged_free(struct merged_call *m);

/* What only one has; false for what moved, too. */
static inline bool is_only_mark(enum mark mark)
{
	return mark == ONLY_A || mark == ONLY_B;
}

static inline bool is_only(const struct merged_call *m)
{
	return m->mark == ONLY_A || m->mark == ONLY_B;
}

/* Does a line about these calls say that they differ?  ARGS: so do their
 * arguments, and results that are not telling. */
bool calls_differ(const struct node *a, const struct node *b, bool args);

/* A call as a line has it: with "0 | -EBUSY" for a result that differs. */
struct merged_line {
	struct node n;		/* that points into the captures, and ... */
	char *args, *result;	/* ... to these, which are NULL or its own */
};

struct merged_line merged_line(const struct merged_call *m, bool args);
void merged_line_free(struct merged_line *l);

#endif
