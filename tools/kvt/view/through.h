/* SPDX-License-Identifier: MIT */
/*
 * Levels that stand in a row: each has nothing below it but the next.  Nobody
 * recorded anything of them, so they are one row, "through a, b, c".
 *
 * Nothing here dies or allocates; what is returned is a node of the tree.
 */
#ifndef KVT_THROUGH_H
#define KVT_THROUGH_H

#include <stdbool.h>

#include "capture/capture.h"

/* The level that stands in the row of the level N, behind it; or NULL. */
const struct node *through_next(const struct node *n);
/* Does N stand in the row of the level that it is below? */
bool through_continues(const struct node *n);

#endif
