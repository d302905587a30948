// SPDX-License-Identifier: MIT
/* arm64 instructions that matter to the flow; encodings are the manual's. */
#include <stdbool.h>
#include <stdint.h>

#include "gaps/instruction.h"

/* The BITS bits of WORD from LOW on, signed, in units of an instruction. */
static int64_t signed_offset(uint32_t word, int low, int bits)
{
	return ((int64_t)((uint64_t)(word >> low) << (64 - bits)) >>
		(64 - bits)) * 4;
}

uint64_t branch_target(uint32_t word, uint64_t at)
{
	if ((word & 0x7c000000) == 0x14000000)		/* b, bl */
		return at + signed_offset(word, 0, 26);
	if ((word & 0xff000000) == 0x54000000 ||	/* b.cond, bc.cond */
	    (word & 0x7e000000) == 0x34000000)		/* cbz, cbnz */
		return at + signed_offset(word, 5, 19);
	if ((word & 0x7e000000) == 0x36000000)		/* tbz, tbnz */
		return at + signed_offset(word, 5, 14);
	return 0;
}

bool is_b(uint32_t word)
{
	return (word & 0xfc000000) == 0x14000000;
}

bool is_bl(uint32_t word)
{
	return (word & 0xfc000000) == 0x94000000;
}

bool is_hvc(uint32_t word)
{
	return (word & 0xffe0001f) == 0xd4000002;
}

bool is_jump(uint32_t word)
{
	return (word & 0xfe000000) == 0xd6000000 &&
	       (word >> 21 & 7) != 1;
}

bool is_br(uint32_t word)
{
	return (word & 0xfee00000) == 0xd6000000;
}

bool is_blr(uint32_t word)
{
	return (word & 0xfee00000) == 0xd6200000;
}

bool is_move(uint32_t word, unsigned int *to, unsigned int *from)
{
	*to = word & 31;
	*from = word >> 16 & 31;
	return (word & 0x7fe0ffe0) == 0x2a0003e0;	/* orr TO, xzr, FROM */
}

bool is_constant_move(uint32_t word, struct constant_move *move)
{
	move->to = word & 31;
	move->shift = (word >> 21 & 3) * 16;
	move->value = (uint64_t)(word >> 5 & 0xffff) << move->shift;
	move->keeps = word & 0x20000000;
	return (word & 0x5f800000) == 0x52800000;
}
