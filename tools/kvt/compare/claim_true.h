/* SPDX-License-Identifier: MIT */
/* Whether a fact of a claim is true.  Nothing is printed. */
#ifndef KVT_CLAIM_TRUE_H
#define KVT_CLAIM_TRUE_H

#include <stdbool.h>

#include "compare/claim_find.h"
#include "compare/claim_parse.h"

/* FOUND are the calls that the fact's first path means in the context. */
bool claim_is_true(const struct claim_context *in, const struct claim_fact *f,
		   const struct node *const *found);
/* Is one of A between the end of BEHIND and the beginning of AHEAD, or just
 * behind where AHEAD is NULL?  Calls of several threads have no order. */
bool claim_has_between(const struct node *const *a, const struct node *behind,
		       const struct node *ahead);

/* Has all that X means returned before anything of Y begins? */
bool claim_is_before(const struct claim_context *in,
		     const struct claim_path *x, const struct claim_path *y);

#endif
