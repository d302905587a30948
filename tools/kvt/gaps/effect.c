// SPDX-License-Identifier: MIT
/* Arithmetic on registers that are known; encodings are the manual's. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "gaps/effect.h"
#include "gaps/instruction.h"

enum { ZERO = 31 };		/* as a register: xzr, or the stack pointer */
enum { NEGATIVE = 8, EQUAL = 4, CARRY = 2, OVERFLOW = 1 };

static const uint64_t lower_half = 0xffffffff;

static unsigned int bits_of(uint32_t word, int low, int count)
{
	return word >> low & ((1u << count) - 1);
}

static bool is_wide(uint32_t word)
{
	return word >> 31;
}

static int64_t sign_extended(uint64_t value, int bits)
{
	return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

/* --- registers ------------------------------------------------------ */

static void forget_register(struct registers *r, unsigned int i)
{
	if (i < ZERO)
		r->x[i] = (struct known_register){ 0 };
}

/* Register I, with 32 or 64 bits, in VALUE; false: it is unknown. */
static bool read_register(const struct registers *r, unsigned int i, bool wide,
			  uint64_t *value)
{
	uint64_t mask = wide ? ~0ull : lower_half;

	*value = i == ZERO ? 0 : r->x[i].value & mask;
	return i == ZERO || (r->x[i].mask & mask) == mask;
}

/* A write of 32 bits clears the upper half. */
static void write_register(struct registers *r, unsigned int i, bool wide,
			   uint64_t value)
{
	if (i < ZERO)
		r->x[i] = (struct known_register){
			wide ? value : value & lower_half, ~0ull
		};
}

static void forget_caller_saved(struct registers *r)
{
	for (unsigned int i = 0; i <= 18; i++)
		forget_register(r, i);
	forget_register(r, 30);
	r->flags_known = false;
}

/* The result of one that works on registers alone. */
static void forget_result(struct registers *r, uint32_t word)
{
	forget_register(r, bits_of(word, 0, 5));
	if (word >> 29 & 1)
		r->flags_known = false;
}

/* All that an instruction of an unknown kind may write. */
static void forget_fields(struct registers *r, uint32_t word)
{
	forget_register(r, bits_of(word, 0, 5));
	forget_register(r, bits_of(word, 5, 5));
	forget_register(r, bits_of(word, 10, 5));
	forget_register(r, bits_of(word, 16, 5));
	/* Some write two in a row. */
	forget_register(r, bits_of(word, 16, 5) | 1);
	forget_register(r, bits_of(word, 0, 5) | 1);
	r->flags_known = false;
}

/* --- flags ---------------------------------------------------------- */

static void set_logical_flags(struct registers *r, bool wide, uint64_t result)
{
	int sign = wide ? 63 : 31;

	r->flags_known = true;
	r->flags = (result >> sign & 1 ? NEGATIVE : 0) | (result ? 0 : EQUAL);
}

/* A + B, or A - B, with the flags in FLAGS. */
static uint64_t add_with_flags(uint64_t a, uint64_t b, bool subtract,
			       bool wide, unsigned int *flags)
{
	uint64_t mask = wide ? ~0ull : lower_half;
	uint64_t sum = (subtract ? a - b : a + b) & mask;
	uint64_t other = subtract ? ~b & mask : b;
	int sign = wide ? 63 : 31;
	bool carry = subtract ? a >= b : sum < a;

	*flags = (sum >> sign & 1 ? NEGATIVE : 0) | (sum ? 0 : EQUAL) |
		 (carry ? CARRY : 0) |
		 ((~(a ^ other) & (a ^ sum)) >> sign & 1 ? OVERFLOW : 0);
	return sum;
}

/* Does CONDITION hold with FLAGS? */
static bool condition_holds(unsigned int condition, unsigned int flags)
{
	bool n = flags & NEGATIVE, z = flags & EQUAL;
	bool c = flags & CARRY, v = flags & OVERFLOW;
	const bool is[] = { z, c, n, v, c && !z, n == v, !z && n == v, true };

	if (condition >= 14)
		return true;
	return is[condition >> 1] != (condition & 1);
}

/* --- data processing ------------------------------------------------ */

static void add_or_subtract(struct registers *r, uint32_t word, uint64_t a,
			    uint64_t b)
{
	bool wide = is_wide(word), sets = word >> 29 & 1;
	unsigned int flags;
	uint64_t sum = add_with_flags(a, wide ? b : b & lower_half,
				      word >> 30 & 1, wide, &flags);

	write_register(r, bits_of(word, 0, 5), wide, sum);
	if (sets) {
		r->flags = flags;
		r->flags_known = true;
	}
}

/* and, orr, eor, ands */
static void logical(struct registers *r, uint32_t word, uint64_t a, uint64_t b)
{
	unsigned int kind = bits_of(word, 29, 2);
	bool wide = is_wide(word);
	uint64_t result = kind == 1 ? a | b : kind == 2 ? a ^ b : a & b;

	if (!wide)
		result &= lower_half;
	write_register(r, bits_of(word, 0, 5), wide, result);
	if (kind == 3)
		set_logical_flags(r, wide, result);
}

static uint64_t rotated(uint64_t value, unsigned int by, unsigned int bits)
{
	uint64_t mask = bits == 64 ? ~0ull : (1ull << bits) - 1;

	value &= mask;
	return by ? (value >> by | value << (bits - by)) & mask : value;
}

/* LSL, LSR, ASR or ROR. */
static uint64_t shifted(uint64_t value, unsigned int kind, unsigned int by,
			bool wide)
{
	unsigned int bits = wide ? 64 : 32;

	by %= bits;
	switch (kind) {
	case 0:
		return value << by;
	case 1:
		return value >> by;
	case 2:
		return sign_extended(value, bits) >> by;
	default:
		return rotated(value, by, bits);
	}
}

/* The constant of a logical instruction: false: there is none. */
static bool logical_constant(uint32_t word, uint64_t *value)
{
	unsigned int s = bits_of(word, 10, 6), turn = bits_of(word, 16, 6);
	unsigned int size = 64, all = bits_of(word, 22, 1) << 6 | (~s & 63);

	while (size && !(all & size))
		size >>= 1;
	if (size < 2 || (size == 64 && !is_wide(word)))
		return false;
	s &= size - 1;
	*value = rotated((2ull << s) - 1, turn & (size - 1), size);
	for (; size < 64; size *= 2)
		*value |= *value << size;
	return true;
}

/* sbfm and ubfm: shifts by a constant, and parts of registers. */
static void bit_field(struct registers *r, uint32_t word, uint64_t a)
{
	unsigned int turn = bits_of(word, 16, 6), last = bits_of(word, 10, 6);
	unsigned int size = is_wide(word) ? 64 : 32;
	bool is_signed = !bits_of(word, 29, 2);
	unsigned int count = last >= turn ? last - turn + 1 : last + 1;
	uint64_t value = last >= turn ? a >> turn : a;

	value = is_signed ? (uint64_t)sign_extended(value, count) :
		value & (~0ull >> (64 - count));
	if (last < turn)
		value <<= size - turn;
	write_register(r, bits_of(word, 0, 5), is_wide(word), value);
}

/* movn, movz, movk */
static void move_constant(struct registers *r, uint32_t word)
{
	unsigned int to = bits_of(word, 0, 5), kind = bits_of(word, 29, 2);
	int shift = bits_of(word, 21, 2) * 16;
	uint64_t part = (uint64_t)bits_of(word, 5, 16) << shift, before;

	if (kind == 3 && !read_register(r, to, is_wide(word), &before))
		forget_register(r, to);
	else if (kind == 3)
		write_register(r, to, is_wide(word),
			       (before & ~(0xffffull << shift)) | part);
	else
		write_register(r, to, is_wide(word), kind ? part : ~part);
}

static void address_of_pc(struct registers *r, uint32_t word, uint64_t at)
{
	int64_t offset = sign_extended((uint64_t)bits_of(word, 5, 19) << 2 |
				       bits_of(word, 29, 2), 21);

	if (is_wide(word))
		write_register(r, bits_of(word, 0, 5), true,
			       (at & ~0xfffull) + (uint64_t)offset * 4096);
	else
		write_register(r, bits_of(word, 0, 5), true, at + offset);
}

/* One with a constant: whether the effect is known. */
static bool with_constant(struct registers *r, uint32_t word, uint64_t at)
{
	unsigned int from = bits_of(word, 5, 5), kind = bits_of(word, 23, 3);
	bool known;
	uint64_t a, b;

	if (kind < 2) {
		address_of_pc(r, word, at);
		return true;
	}
	if (kind == 5) {
		move_constant(r, word);
		return bits_of(word, 29, 2) != 1;
	}
	known = read_register(r, from, is_wide(word), &a);
	if (kind == 2 && known && from != ZERO) {
		b = (uint64_t)bits_of(word, 10, 12) <<
		    12 * bits_of(word, 22, 1);
		add_or_subtract(r, word, a, b);
		return true;
	}
	if (kind == 4 && known && logical_constant(word, &b)) {
		logical(r, word, a, b);
		return true;
	}
	if (kind == 6 && known && bits_of(word, 29, 1) == 0) {
		bit_field(r, word, a);
		return true;
	}
	return false;
}

/* The second operand of an addition, which its last bits extend. */
static uint64_t extended(uint64_t value, uint32_t word)
{
	unsigned int kind = bits_of(word, 13, 3);
	int bits = 8 << (kind & 3);

	value = kind & 4 ? (uint64_t)sign_extended(value, bits) :
		value & (~0ull >> (64 - bits));
	return value << bits_of(word, 10, 3);
}

static bool select_one(struct registers *r, uint32_t word, uint64_t a,
		       uint64_t b)
{
	bool first = condition_holds(bits_of(word, 12, 4), r->flags);

	if (!r->flags_known || word >> 29 & 1 || word >> 11 & 1)
		return false;
	if (!first && word >> 30 & 1)
		b = ~b;
	if (!first && word >> 10 & 1)
		b++;
	write_register(r, bits_of(word, 0, 5), is_wide(word), first ? a : b);
	return true;
}

/* ccmp and ccmn */
static bool compare_if(struct registers *r, uint32_t word)
{
	uint64_t a, b = bits_of(word, 16, 5);

	if (!r->flags_known)
		return false;
	if (!condition_holds(bits_of(word, 12, 4), r->flags)) {
		r->flags = bits_of(word, 0, 4);
		return true;
	}
	if (!read_register(r, bits_of(word, 5, 5), is_wide(word), &a) ||
	    (!(word >> 11 & 1) &&
	     !read_register(r, bits_of(word, 16, 5), is_wide(word), &b)))
		return false;
	add_with_flags(a, b, word >> 30 & 1, is_wide(word), &r->flags);
	return true;
}

/* One with two registers: whether the effect is known. */
static bool with_registers(struct registers *r, uint32_t word)
{
	unsigned int from = bits_of(word, 5, 5), kind = bits_of(word, 21, 8);
	bool wide = is_wide(word), is_extended = (kind & 0xf9) == 0x59;
	uint64_t a, b;

	/* An extended addition has the stack pointer for xzr. */
	if (!read_register(r, from, wide, &a) ||
	    !read_register(r, bits_of(word, 16, 5), wide, &b) ||
	    (is_extended && from == ZERO))
		return false;
	if (is_extended) {
		add_or_subtract(r, word, a, extended(b, word));
	} else if ((kind & 0xf0) == 0x50) {
		b = shifted(b, bits_of(word, 22, 2), bits_of(word, 10, 6),
			    wide);
		if (kind & 8)
			add_or_subtract(r, word, a, b);
		else
			logical(r, word, a, word >> 21 & 1 ? ~b : b);
	} else if (kind == 0xd4) {
		return select_one(r, word, a, b);
	} else if (kind == 0xd6 && bits_of(word, 12, 4) == 2 &&
		   !bits_of(word, 29, 2)) {
		write_register(r, bits_of(word, 0, 5), wide,
			       shifted(a, bits_of(word, 10, 2), b, wide));
	} else {
		return false;
	}
	return true;
}

/* --- memory --------------------------------------------------------- */

/* What ldr and its like get from memory that never changes. */
static bool load_constant(struct registers *r, uint32_t word,
			  constant_bytes *bytes, const void *data)
{
	unsigned int size = 1 << bits_of(word, 30, 2);
	unsigned int kind = bits_of(word, 22, 2);
	bool is_register = !(word >> 24 & 1), known = true;
	uint64_t base, offset = bits_of(word, 10, 12) * size, value = 0;
	const void *p;

	if (bits_of(word, 5, 5) == ZERO || size > 4 || !kind ||
	    !read_register(r, bits_of(word, 5, 5), true, &base))
		return false;
	if (is_register) {
		known = read_register(r, bits_of(word, 16, 5),
				      word >> 13 & 1, &offset);
		if (bits_of(word, 13, 3) == 6)
			offset = sign_extended(offset, 32);
		if (word >> 12 & 1)
			offset *= size;
	}
	p = known ? bytes(data, base + offset, size) : NULL;
	if (!p)
		return false;
	memcpy(&value, p, size);
	if (kind > 1)
		value = sign_extended(value, 8 * size);
	write_register(r, bits_of(word, 0, 5), kind != 3, value);
	return true;
}

/* ldr, str and their like; whether that is what it is. */
static bool load_or_store(struct registers *r, uint32_t word,
			  constant_bytes *bytes, const void *data)
{
	bool is_vector = word >> 26 & 1, has_offset = word >> 24 & 1;
	bool is_register = !has_offset && word >> 21 & 1;
	bool writes_back = !has_offset && !is_register && word >> 10 & 1;

	if ((word & 0x3a000000) != 0x38000000 ||
	    (is_register && bits_of(word, 10, 2) != 2))
		return false;
	if (!is_vector && (has_offset || is_register) &&
	    load_constant(r, word, bytes, data))
		return true;
	if (!is_vector && bits_of(word, 22, 2))
		forget_register(r, bits_of(word, 0, 5));
	if (writes_back)
		forget_register(r, bits_of(word, 5, 5));
	return true;
}

/* ldp and stp */
static bool load_or_store_pair(struct registers *r, uint32_t word)
{
	if ((word & 0x3a000000) != 0x28000000)
		return false;
	if (!(word >> 26 & 1) && word >> 22 & 1) {
		forget_register(r, bits_of(word, 0, 5));
		forget_register(r, bits_of(word, 10, 5));
	}
	if (word >> 23 & 1)
		forget_register(r, bits_of(word, 5, 5));
	return true;
}

/* --- all ------------------------------------------------------------ */

static bool is_hint(uint32_t word)
{
	return (word & 0xfffff01f) == 0xd503201f;
}

/* brk, which a handler comes back from with all registers. */
static bool is_break(uint32_t word)
{
	return (word & 0xffe0001f) == 0xd4200000;
}

/* svc, hvc, smc */
static bool is_exception(uint32_t word)
{
	return (word & 0xff000000) == 0xd4000000;
}

/* mrs, msr, barriers */
static bool is_system(uint32_t word)
{
	return (word & 0xffc00000) == 0xd5000000;
}

/* What goes on behind it, or changes how the kernel runs; whether it is that. */
static bool control(struct registers *r, uint32_t word, uint64_t at)
{
	if (is_bl(word) || is_blr(word)) {
		forget_caller_saved(r);
	} else if (branch_target(word, at) || is_jump(word) ||
		   is_break(word)) {
		return true;
	} else if (is_exception(word)) {
		forget_caller_saved(r);
	} else if (is_hint(word)) {
		/* Some sign addresses. */
		forget_register(r, 16);
		forget_register(r, 17);
		forget_register(r, 30);
	} else if (is_system(word)) {
		forget_register(r, bits_of(word, 0, 5));
		r->flags_known = false;
	} else {
		return false;
	}
	return true;
}

void effect_of(struct registers *r, uint32_t word, uint64_t at,
	       constant_bytes *bytes, const void *data)
{
	bool is_compare = (word & 0x1fe00000) == 0x1a400000;

	if (control(r, word, at))
		return;
	if ((word & 0x1c000000) == 0x10000000) {
		if (!with_constant(r, word, at))
			forget_result(r, word);
	} else if ((word & 0x0e000000) == 0x0a000000) {
		if (is_compare)
			r->flags_known = compare_if(r, word);
		else if (!with_registers(r, word))
			forget_result(r, word);
	} else if (!load_or_store(r, word, bytes, data) &&
		   !load_or_store_pair(r, word)) {
		forget_fields(r, word);
	}
}

int effect_taken(const struct registers *r, uint32_t word)
{
	bool jumps_if_set = word >> 24 & 1;
	unsigned int bit;

	if ((word & 0xff000010) == 0x54000000)		/* b.cond */
		return r->flags_known ? condition_holds(bits_of(word, 0, 4), r->flags) :
		       -1;
	if ((word & 0x7e000000) == 0x34000000) {	/* cbz, cbnz */
		uint64_t value;

		if (!read_register(r, bits_of(word, 0, 5), is_wide(word),
				   &value))
			return -1;
		return !!value == jumps_if_set;
	}
	if ((word & 0x7e000000) == 0x36000000) {	/* tbz, tbnz */
		struct known_register x = { 0, ~0ull };

		if (bits_of(word, 0, 5) != ZERO)
			x = r->x[bits_of(word, 0, 5)];
		bit = bits_of(word, 31, 1) << 5 | bits_of(word, 19, 5);
		if (!(x.mask >> bit & 1))
			return -1;
		return (x.value >> bit & 1) == jumps_if_set;
	}
	return -1;
}

static uint64_t known_in_both(const struct known_register *a,
			      const struct known_register *b)
{
	uint64_t both = a->mask & b->mask, other = a->value ^ b->value;

	if (other & both & lower_half)
		return 0;
	return other & both ? both & lower_half : both;
}

bool effect_join(struct registers *a, const struct registers *b)
{
	bool less = false;

	for (int i = 0; i < ZERO; i++) {
		uint64_t mask = known_in_both(&a->x[i], &b->x[i]);

		less |= mask != a->x[i].mask;
		a->x[i].mask = mask;
		a->x[i].value &= mask;
	}
	if (a->flags_known && (!b->flags_known || a->flags != b->flags)) {
		a->flags_known = false;
		less = true;
	}
	return less;
}
