/* SPDX-License-Identifier: MIT */
/* What one arm64 instruction does to the flow of a program. */
#ifndef KVT_INSTRUCTION_H
#define KVT_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>

/* Where the branch WORD at AT leads, if its target is an address; else 0. */
uint64_t branch_target(uint32_t word, uint64_t at);
bool is_b(uint32_t word);
bool is_bl(uint32_t word);
bool is_hvc(uint32_t word);
/* br, ret, eret, and those with pointer authentication; not blr. */
bool is_jump(uint32_t word);
/* br, which a switch becomes */
bool is_br(uint32_t word);
/* blr, and blraa and its like */
bool is_blr(uint32_t word);
/* mov TO, FROM: between registers. */
bool is_move(uint32_t word, unsigned int *to, unsigned int *from);

/* movz or movk: puts VALUE, of 16 bits, into a register at SHIFT. */
struct constant_move {
	unsigned int to;
	int shift;		/* bits */
	uint64_t value;
	bool keeps;		/* movk: the other bits stay */
};
bool is_constant_move(uint32_t word, struct constant_move *move);

#endif
