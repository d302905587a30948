/* SPDX-License-Identifier: MIT */
/*
 * Which calls of a capture a claim's path means.
 *
 * Found calls are an array of base/vec.h of pointers into the capture's tree,
 * in the order of the capture and each once; NULL where there are none.  The
 * caller frees it with arrfree().  Nothing here dies but for want of memory.
 */
#ifndef KVT_CLAIM_FIND_H
#define KVT_CLAIM_FIND_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/claim_parse.h"

/* What a fact is about: the calls below one call, or a whole capture. */
struct claim_context {
	const struct capture *capture;
	const struct node *scope;	/* NULL: the whole capture */
};

/* The calls that the first STEPS steps of PATH mean. */
const struct node **claim_find(const struct claim_context *in,
			       const struct claim_path *path,
			       unsigned int steps);

/* Does the name of N, or its request, fit that of the step? */
bool claim_names(const struct claim_step *step, const struct node *n);
/* Do its arguments? */
bool claim_takes(const struct claim_step *step, const struct node *n);
/* Does it return VALUE?  "EINVAL" is -EINVAL, too. */
bool claim_returns(const char *value, const struct node *n);

/* The line of the capture in which the call has ended. */
unsigned int node_last_line(const struct node *n);
/* The root of N's thread. */
const struct node *node_root(const struct node *n);

#endif
