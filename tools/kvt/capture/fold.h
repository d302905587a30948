/* SPDX-License-Identifier: MIT */
/*
 * What repeats in a tree.
 *
 * Folding marks runs of siblings of the same shape, in periods of up to
 * eight: of A B A B A B, the first A leads a group of two that comes three
 * times, and the other rounds are hidden.  Folding a tree again replaces its
 * marks.  Nothing here dies, and nothing is allocated.
 */
#ifndef KVT_FOLD_H
#define KVT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

enum fold_by {
	FOLD_ARGS = 1,		/* arguments and results are part of a shape */
	FOLD_PLACES = 2,	/* calls of two lines of the source are two
				 * rows, although their shapes are the same */
};

/* Marks all of the tree below N; BY: some of enum fold_by. */
void tree_fold_by(struct node *n, unsigned int by);
/* The same by names and failures only. */
void tree_fold(struct node *n);
/* The call in whose row a folded tree shows N: N itself, or of a later round
 * the one that stands in its place in the first. */
const struct node *tree_shown(const struct node *n);
/* The same in a tree that begins with TOP, which it shows even if TOP repeats
 * another; NULL: the tree is whole. */
const struct node *tree_shown_in(const struct node *n, const struct node *top);

/* Adds TEXT to a hash, without the numbers in it that differ between two
 * runs of one program: vcpu#0, phys#1+0x20, 5:vcpu. */
uint64_t tree_hash_text(uint64_t hash, const char *text);
/* The same of the first SIZE bytes of TEXT. */
uint64_t tree_hash_part(uint64_t hash, const char *text, size_t size);
/* The request of an ioctl: "KVM_RUN" of "6:vcpu, KVM_RUN, 0", or "".  It
 * points into N's arguments and is not terminated. */
const char *request_of(const struct node *n, size_t *length);
/* Is the result, which N must have, part of the shape? */
bool is_telling(const struct node *n);

#endif
