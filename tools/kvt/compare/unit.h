/* SPDX-License-Identifier: MIT */
/*
 * What two rows of siblings are compared by: units.
 *
 * A unit is a call, or a group of calls, with the number of times that it
 * comes in a row.  Units point into the children of a folded tree, which must
 * outlive them.  Nothing here dies except for want of memory.
 */
#ifndef KVT_UNIT_H
#define KVT_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

struct unit {
	struct node *const *node;	/* the calls of its first round */
	unsigned int size;		/* how many those are */
	unsigned int times;
	uint64_t shape;
	uint64_t key;		/* what it is, whatever is below it */
	uint64_t result;	/* if it tells something */
	uint64_t names;		/* a bit for each name below it; two names may
				 * share a bit */
	bool has_names;		/* only a few units need them */
};

/*
 * The units of COUNT siblings: an array of base/vec.h, to be freed with
 * arrfree().  ROUND: the siblings are one round of a group, so each of them
 * is a unit that comes once.
 */
struct unit *units_of(struct node *const *node, unsigned int count,
		      bool round);
/* Makes a group, which then comes once, of calls in UNITS that OTHER repeats
 * as a group.  Shortens the array, in time n log n. */
void units_regroup(struct unit *units, const struct unit *other);
/* How many of the names below U and below V are below both: 0 to MOST. */
unsigned int units_alike_below(struct unit *u, struct unit *v,
			       unsigned int most);

/* Two calls with the same identity are the same, as far as is asked. */
uint64_t node_identity(const struct node *n);
/* A hash of N's result if it is telling, of an open call another; or 0. */
uint64_t node_result(const struct node *n);

#endif
