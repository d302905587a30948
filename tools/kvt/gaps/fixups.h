/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel goes on after an access to a program's memory that failed:
 * its table of exceptions.  A way that no branch shows.  Dies with KVT_FAILED
 * when the table is not in the kernel's file.
 */
#ifndef KVT_FIXUPS_H
#define KVT_FIXUPS_H

#include <stdint.h>

struct image;
struct fixups;
struct fixups *fixups_load(const struct image *kernel);
/* Where the kernel goes on if the instruction at AT fails; 0: it may not. */
uint64_t fixup_of(const struct fixups *f, uint64_t at);
void fixups_free(struct fixups *f);

#endif
