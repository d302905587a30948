/* SPDX-License-Identifier: MIT */
/* Merges the calls of two captures into one tree. */
#ifndef KVT_MERGE_H
#define KVT_MERGE_H

#include <stdbool.h>

#include "capture/capture.h"
#include "compare/merged.h"

/*
 * Adds to ROOT what stands below A and below B, which are folded, and outlive
 * ROOT.  ARGS: they were folded by arguments, which are compared.  Nothing
 * has moved yet: what is in another place is only in A and only in B.
 */
void merge_trees(struct merged_call *root, const struct node *a,
		 const struct node *b, bool args);

#endif
