/* SPDX-License-Identifier: MIT */
/*
 * A capture as a trail: a call begins, or it ends, one after the other.  Two
 * trails are compared step by step.
 *
 * A trail begins as zeroes and ends with trail_free(); it points into the
 * capture, which must outlive it.  Nothing here dies but for want of memory.
 */
#ifndef KVT_TRAIL_H
#define KVT_TRAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#define uthash_malloc(size) xrealloc(NULL, size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

#include "capture/arena.h"
#include "capture/capture.h"
#include "compare/seen.h"
#include "kernel/symbols.h"

struct footprint {
	const struct node *node;	/* the call that begins or ends */
	const char *name;		/* its plain name */
	const char *text;		/* what is compared: "}" at its end */
	bool begins;
	bool inlinable;		/* some callers may have inlined it */
	bool skipped;		/* only this trail has it; that is no
				 * difference */
	size_t end;		/* of what begins: where it ends */
};

/* The number of an address in the program, as in user#3, and its rank in the
 * order in which system calls have them. */
struct user_rank {
	uint64_t number;	/* the key */
	size_t rank;
	UT_hash_handle hh;
};

struct trail {
	struct footprint *step;	/* an array of base/vec.h */
	size_t at;		/* the step at hand */
	struct arena strings;
	struct user_rank *user;	/* uthash */
};

/* Functions that only one trail has somewhere, in the order found; begins as
 * NULL and ends with trail_names_free(). */
struct trail_name {
	const char *name;	/* a trail's */
	UT_hash_handle hh;
};

/* What the two kernels can trace, and where functions are defined. */
struct common_ground {
	struct seen seen[2];
	const struct symbols *symbols;	/* or NULL */
};

void trail_add(struct trail *t, const struct node *root,
	       const struct common_ground *g);
/* The step at hand; NULL at the end. */
const struct footprint *trail_now(const struct trail *t);
/* Compares A and B from their beginnings.  Returns whether they are the same;
 * if not, both stand at the first difference.  *SAME: how many calls were. */
bool trails_match(struct trail *a, struct trail *b, struct trail_name **names,
		  unsigned long *same);
void trail_free(struct trail *t);
void trail_names_free(struct trail_name **names);

#endif
