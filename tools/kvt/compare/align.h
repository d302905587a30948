/* SPDX-License-Identifier: MIT */
/*
 * Aligns the units of two captures: which of A goes with which of B.
 *
 * The result is a weighted longest common subsequence, exact where both rows
 * are short.  Long rows are first cut at what is the same at their ends, then
 * at units that both have exactly once, and at last into windows, so that
 * time grows with the number of units and not with its square.
 */
#ifndef KVT_ALIGN_H
#define KVT_ALIGN_H

#include "compare/unit.h"

/* Two units that go together; -1 where one stands alone. */
struct aligned {
	long a, b;
};

/* How well two units go together. */
enum {
	UNIT_DIFFERENT = 0,
	UNIT_SAME_NAME = 8,	/* but another result */
	UNIT_SAME_GROUP = 16,	/* groups that begin alike */
	UNIT_SAME_CALL = 24,	/* something below it differs */
	UNIT_BELOW = 16,	/* is added if what is below is alike */
	UNIT_OTHER_TIMES = 56,
	UNIT_EQUAL = 64,
};

unsigned int unit_likeness(struct unit *u, struct unit *v);
/* All units of A and of B, arrays of base/vec.h, in order: such an array
 * itself, to be freed with arrfree(). */
struct aligned *align(struct unit *a, struct unit *b);

#endif
