/* SPDX-License-Identifier: MIT */
/* What repeats in a tree. */
#ifndef KVT_FOLD_H
#define KVT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

struct node;

/* Marks runs of siblings of the same shape (periods up to 8), wherever in
 * the program their calls were made; tree_walk() tells those apart. */
void tree_fold(struct node *n);
/* The same; ARGS: arguments and results are part of the shape; PLACES: a row
 * is of calls that one line of the source makes. */
void tree_fold_by(struct node *n, bool args, bool places);
/* The same, but arguments and results are part of the shape. */
void tree_fold_args(struct node *n);
/* Adds TEXT to a hash, without the numbers in it that differ between two
 * runs of one program: vcpu#0, phys#1+0x20, 5:vcpu. */
uint64_t tree_hash_text(uint64_t hash, const char *text);
/* The request of an ioctl: "KVM_RUN" of "6:vcpu, KVM_RUN, 0", or "". */
const char *request_of(const struct node *n, size_t *length);
/* Is the result, which N must have, part of the shape? */
bool is_telling(const struct node *n);

#endif
