/* SPDX-License-Identifier: MIT */
/* Whether a capture proves a fact that is true in it. */
#ifndef KVT_CLAIM_PROOF_H
#define KVT_CLAIM_PROOF_H

#include <stdbool.h>

#include "compare/claim_find.h"
#include "compare/claim_parse.h"

/*
 * Returns why not, or NULL if it does.
 *
 * has_threads: other threads of the program may have written to what an ioctl
 * was given by address, before the kernel read that
 */
const char *claim_lacks_proof(const struct claim_context *in,
			      const struct claim *c,
			      const struct claim_fact *f, bool has_threads);

#endif
