/* SPDX-License-Identifier: MIT */
/* What a function may call out of the tracer's sight. */
#ifndef KVT_GAPS_H
#define KVT_GAPS_H

#include <stdbool.h>

#include "capture/capture.h"

struct capture;
struct node;

struct gap_step {
	const char *name;
	const char *kind;	/* noinstr, assembly, hypercall, EL2, notrace,
				 * inlined */
	const char *call;	/* PATH:LINE, in the step before it */
	const char *definition;	/* PATH:LINE */
};

struct gap_chain {
	const char *function;	/* that begins the chain, and is traceable */
	const char *modes;	/* "nvhe protected" */
	const struct gap_step *step;
	int steps;
};

struct gaps;
/* Reads a gaps.tsv; dies if it is none. */
struct gaps *gaps_load(const char *path);
/* The gaps.tsv in the directory of the index SYMBOLS. */
struct gaps *gaps_beside(const char *symbols);
/* From here on, gaps are those in C's mode; dies if C's kernel has another
 * release than the table's. */
void gaps_choose(struct gaps *g, const struct capture *c);
/* The gaps below N, a call or a function inlined in one, one by one, NULL at
 * the end; AFTER is the one before, or NULL.  A G of NULL has none. */
const struct gap_chain *gaps_next(const struct gaps *g, const struct node *n,
			    const struct gap_chain *after);
/* The step of the gaps below N that is the first below N. */
int gap_begin(const struct node *n);
/* While a tree is shown: N is entered, and left. */
void gaps_enter(struct gaps *g, const struct node *n);
void gaps_leave(struct gaps *g);
/*
 * Calls EACH for the gaps of the call that was entered last which stand
 * before CHILD in the source, and did not before an earlier child; a CHILD of
 * NULL: for all that are left.  DEPTH is passed on.
 */
void gaps_before(struct gaps *g, const struct node *child,
		 void (*each)(void *data, const struct node *n,
			      const struct gap_chain *gap, long depth),
		 void *data, long depth);
/* Is it a function merged into another, and not a call? */
bool gap_is_inlined(const struct gap_chain *gap);
/* Does the chain end where a guest is entered? */
bool gap_runs_guest(const struct gap_chain *gap);
/* Why a step cannot be seen, in words. */
const char *gap_kind(const struct gap_step *s);
void gaps_free(struct gaps *g);

#endif
