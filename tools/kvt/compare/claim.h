/* SPDX-License-Identifier: MIT */
/*
 * Claims: what a text says that a capture shows.
 *
 *   claim-parse.c  the language; kvt(1) has its grammar
 *   claim.c        which calls a path means, and whether a claim is true
 *   claim-why.c    what a capture has instead of what a false one says
 *   claim-show.c   the calls that make a claim true
 */
#ifndef CLAIM_H
#define CLAIM_H

#include <stdbool.h>
#include <stdio.h>

#include "capture/capture.h"
#include "view/html.h"
#include "view/show.h"

struct capture;
struct node;
struct page;
struct painter;

struct claim_arg {
	char *name;		/* NULL: any of the call's arguments */
	char *value;		/* with "*" for any text */
};

struct claim_step {
	char kind;		/* '@', '!', '~', '?', or 0: any */
	char *name;		/* with "*" for any text */
	struct claim_arg *arg;
	unsigned int args;
	unsigned long first, last;	/* of the calls that fit; 0: all */
	bool only_last;			/* of those, whatever their number */
	char *result;		/* or NULL */
	bool deep;		/* anywhere below the step before */
	size_t at, end;		/* where it stands in the claim's text */
};

struct claim_path {
	struct claim_step *step;
	unsigned int steps;
	size_t at, end;
};

enum claim_kind {
	CLAIM_COUNT,		/* the path is there LOW to HIGH times */
	CLAIM_RETURNS,
	CLAIM_LEAF,		/* calls nothing */
	CLAIM_ALIKE,
	CLAIM_BEFORE,
};

struct claim_fact {
	enum claim_kind kind;
	struct claim_path *path;	/* several for CLAIM_BEFORE */
	unsigned int paths;
	unsigned long low, high;
	char *value;		/* of CLAIM_RETURNS */
	size_t at, end;
};

struct claim {
	const char *text;
	struct claim_path scope;	/* without steps: the whole capture */
	struct claim_fact *fact;
	unsigned int facts;
};

/* Reads TEXT, which must outlive the claim.  What is wrong ends the program
 * with KVT_USAGE, and a message with a caret below the place. */
struct claim *claim_parse(const char *text);
void claim_free(struct claim *c);

/* Nodes in the order of the capture. */
struct calls {
	const struct node **node;
	size_t count, room;
};

/* What a fact is about: the calls below one call, or a whole capture. */
struct context {
	const struct capture *capture;
	const struct node *scope;	/* NULL: the whole capture */
};

/* The calls that the first STEPS steps of PATH mean; to be freed. */
void claim_find(const struct context *in, const struct claim_path *path,
		unsigned int steps, struct calls *found);
void calls_add(struct calls *all, const struct node *n);
void calls_free(struct calls *all);

/* Does the name of N, or its request, fit that of the step? */
bool claim_names(const struct claim_step *step, const struct node *n);
/* Do its arguments? */
bool claim_takes(const struct claim_step *step, const struct node *n);
/* Does it return VALUE?  "EINVAL" is -EINVAL, too. */
bool claim_returns(const char *value, const struct node *n);
/* Has all that X means returned before anything of Y begins? */
bool claim_is_before(const struct context *in, const struct claim_path *x,
		     const struct claim_path *y);
/* The line of the capture in which the call has ended. */
unsigned int node_last_line(const struct node *n);
const struct node *node_root(const struct node *n);

/* Says on OUT what CAPTURE has instead of the FACT, which is false in the
 * context; claim_why_no_scope() if already the scope is not there. */
void claim_why(FILE *out, const struct context *in, const struct claim *c,
	       const struct claim_fact *fact);
void claim_why_no_scope(FILE *out, const struct context *in,
			const struct claim *c);

/*
 * Prints the calls that make the claim true, and the way to each: SCOPE
 * are the calls that the facts are about, or none for the whole capture.
 * PAGE: as HTML; else PAINTER.
 */
void claim_show(const struct capture *capture, const struct claim *c,
		const struct calls *scope, const struct page *page,
		const struct painter *painter);

#endif
