/* SPDX-License-Identifier: MIT */
/* Counts what kvt diff found, and walks the merged tree to print it. */
#ifndef KVT_DIFF_PRINT_H
#define KVT_DIFF_PRINT_H

#include <stdbool.h>

#include "compare/diff_format.h"

/* Counts the calls by what became of them; true if there is a difference. */
bool diff_count(struct diff *d);
/* Prints what was counted and, if anything differs, the tree, to standard
 * output. */
void diff_print(const struct diff *d, const struct diff_format *to);

#endif
