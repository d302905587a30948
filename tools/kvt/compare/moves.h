/* SPDX-License-Identifier: MIT */
/*
 * Which calls moved: those that only A has in one place, and only B in
 * another.
 */
#ifndef KVT_MOVES_H
#define KVT_MOVES_H

#include "capture/capture.h"
#include "compare/merged.h"

/*
 * Marks in ROOT, which was merged of the folded trees A and B, what moved:
 * siblings that changed places, and calls in another place that are the only
 * ones of their shape in both.  Notes where to and from, and frees what stands
 * below: it moved along.
 */
void mark_moves(struct merged_call *root, const struct node *a,
		const struct node *b);

#endif
