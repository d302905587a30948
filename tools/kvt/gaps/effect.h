/* SPDX-License-Identifier: MIT */
/*
 * What one arm64 instruction leaves in the registers, as far as that follows
 * from what is known of them before it.
 *
 * Whatever the module cannot work out becomes unknown, so that what stays
 * known is true.  Nothing here dies or allocates.
 */
#ifndef KVT_EFFECT_H
#define KVT_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

/* A register: MASK has the bits that are known, none, the lower 32, or all. */
struct known_register {
	uint64_t value, mask;
};

struct registers {
	struct known_register x[31];
	bool flags_known;
	unsigned int flags;	/* N 8, Z 4, C 2, V 1 */
};

/* SIZE bytes of memory that never changes at ADDRESS, or NULL. */
typedef const void *constant_bytes(const void *data, uint64_t address,
				   uint64_t size);

/* Changes R as the instruction WORD at AT does; a call leaves x19 to x29. */
void effect_of(struct registers *r, uint32_t word, uint64_t at,
	       constant_bytes *bytes, const void *data);
/* Is the conditional branch WORD taken?  1: yes, 0: no, -1: nobody knows. */
int effect_taken(const struct registers *r, uint32_t word);
/* What both A and B know goes into A; whether A knows less than before. */
bool effect_join(struct registers *a, const struct registers *b);

#endif
