/* SPDX-License-Identifier: MIT */
/*
 * The row of a folded tree that shows a call: itself, or what stands in its
 * place in the first of the rounds that repeat.
 *
 * The capture must be folded, as view_prepare() does it.  Nothing here dies.
 */
#ifndef KVT_SHOWN_ROW_H
#define KVT_SHOWN_ROW_H

#include "capture/capture.h"

/* TOP: the tree shows this call even if it repeats another; or NULL. */
const struct node *shown_row(const struct node *n, const struct node *top);

#endif
