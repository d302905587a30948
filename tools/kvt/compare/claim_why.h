/* SPDX-License-Identifier: MIT */
/* What a capture has instead of what a false claim says; written to OUT. */
#ifndef KVT_CLAIM_WHY_H
#define KVT_CLAIM_WHY_H

#include <stdio.h>

#include "compare/claim_find.h"
#include "compare/claim_parse.h"

/* FACT is false in the context. */
void claim_why(FILE *out, const struct claim_context *in,
	       const struct claim *c, const struct claim_fact *fact);
/* The capture does not even have the scope of the claim. */
void claim_why_no_scope(FILE *out, const struct claim_context *in,
			const struct claim *c);

#endif
