/* SPDX-License-Identifier: MIT */
/*
 * The language of claims: what a text says that a capture shows.
 *
 * kvt(1) has its grammar.  A claim is the caller's and ends with
 * claim_free(); it points into the text that it was made of.
 */
#ifndef KVT_CLAIM_PARSE_H
#define KVT_CLAIM_PARSE_H

#include <stdbool.h>
#include <stddef.h>

struct claim_arg {
	char *name;		/* NULL: any of the call's arguments */
	char *value;		/* with "*" for any text */
};

struct claim_step {
	char kind;		/* '@', '!', '~', '?', or 0: any */
	char *name;		/* with "*" for any text */
	struct claim_arg *arg;	/* an array of base/vec.h */
	unsigned int args;
	unsigned long first, last;	/* of the calls that fit; 0: all */
	bool only_last;			/* of those, whatever their number */
	char *result;		/* or NULL */
	bool deep;		/* anywhere below the step before */
	size_t at, end;		/* where it stands in the claim's text */
};

struct claim_path {
	struct claim_step *step;	/* an array of base/vec.h */
	unsigned int steps;
	size_t at, end;
};

enum claim_kind {
	CLAIM_COUNT,		/* the path is there LOW to HIGH times */
	CLAIM_RETURNS,
	CLAIM_LEAF,		/* calls nothing */
	CLAIM_ALIKE,
	CLAIM_BEFORE,
	CLAIM_AFTER_EACH,	/* of the second path */
};

struct claim_fact {
	enum claim_kind kind;
	struct claim_path *path;	/* an array of base/vec.h */
	unsigned int paths;		/* several for CLAIM_BEFORE, else 1 or 2 */
	unsigned long low, high;
	char *value;		/* of CLAIM_RETURNS */
	size_t at, end;
};

struct claim {
	const char *text;
	struct claim_path scope;	/* without steps: the whole capture */
	struct claim_fact *fact;	/* an array of base/vec.h */
	unsigned int facts;
};

/* Reads TEXT, which must outlive the claim.  What is wrong ends the program
 * with KVT_USAGE, and a message with a caret below the place. */
struct claim *claim_parse(const char *text);
void claim_free(struct claim *c);

#endif
