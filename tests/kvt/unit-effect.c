// SPDX-License-Identifier: MIT
/* Unit tests of gaps/effect.h: what single instructions leave in the
 * registers. */

#include <stdbool.h>

#include "gaps/effect.h"
#include "unit.h"

/* The comment next to a word is its assembly. */
static const uint64_t unknown = 0xdeadull << 48 | 0xbeef;	/* as a result */
static const uint8_t table[] = { 1, 2, 0xff, 4, 5, 6, 7, 0x88 };

static const void *table_at(const void *data, uint64_t address, uint64_t size)
{
	(void)data;
	return address >= 0x1000 && address + size <= 0x1000 + sizeof(table) ?
	       table + (address - 0x1000) : NULL;
}

static void put_value(struct registers *r, int i, uint64_t value)
{
	r->x[i] = (struct known_register){ value, ~0ull };
}

static uint64_t value_of(const struct registers *r, int i)
{
	return ~r->x[i].mask ? unknown : r->x[i].value;
}

/* x0 is 0x1000, x1 is A, x2 is B, x19 is 7, and the flags are FLAGS. */
static struct registers some_registers(uint64_t a, uint64_t b, int flags)
{
	struct registers r = { .flags_known = true, .flags = flags };

	put_value(&r, 0, 0x1000);
	put_value(&r, 1, a);
	put_value(&r, 2, b);
	put_value(&r, 19, 7);
	return r;
}

static void results(void **state)
{
	static const struct {
		uint32_t word;
		int to;
		uint64_t a, b, result;
	} row[] = {
		{ 0x5295c8c1, 1, 9, 0, 0xae46 },	/* mov w1, #0xae46 */
		{ 0x72a80401, 1, 0xae46, 0, 0x4020ae46 },
						/* movk w1, #0x4020, lsl #16 */
		{ 0x928002a1, 1, 0, 0, -22ull },	/* mov x1, #-22 */
		{ 0xd101dc21, 1, 0x76, 0, -1ull },	/* sub x1, x1, #0x77 */
		{ 0x5101dc21, 1, 0x76, 0, 0xffffffff },	/* the same of w1 */
		{ 0x11400422, 2, 1, 0, 0x1001 },	/* add w2, w1, #1, lsl #12 */
		{ 0x9ac12044, 4, 65, 3, 6 },		/* lsl x4, x2, x1 */
		{ 0x1ac12044, 4, 33, 3, 6 },		/* lsl w4, w2, w1 */
		{ 0x8b020c20, 0, 1, 2, 17 },		/* add x0, x1, x2, lsl #3 */
		{ 0x8a220020, 0, 7, 2, 5 },		/* bic x0, x1, x2 */
		{ 0x320087e0, 0, 0, 0, 0x30003 },	/* mov w0, #0x30003 */
		{ 0x10000061, 1, 0, 0, 0x200c },	/* adr x1, .+12 */
		{ 0x90000000, 0, 0, 0, 0x2000 },	/* adrp x0, . */
		{ 0x78615800, 0, 1, 0, 0x4ff },
					/* ldrh w0, [x0, w1, uxtw #1] */
		{ 0x78615800, 0, 3, 0, 0x8807 },	/* its last one */
		{ 0x78615800, 0, 4, 0, unknown },	/* behind it */
		{ 0x38e16800, 0, 7, 0, 0xffffff88 },	/* ldrsb w0, [x0, x1] */
		{ 0x38e1c840, 0, 0xffffffff, 0x1001, 1 },
					/* ldrsb w0, [x2, w1, sxtw] */
		{ 0x39400c00, 0, 0, 0, 4 },		/* ldrb w0, [x0, #3] */
		{ 0xf9400020, 0, 0x1000, 0, unknown },	/* ldr x0, [x1] */
		{ 0xf9000041, 1, 5, 0x1000, 5 },	/* str x1, [x2] */
		{ 0xf8008c41, 2, 5, 0x1000, unknown },	/* str x1, [x2, #8]! */
		{ 0xf8008c41, 1, 5, 0x1000, 5 },
		{ 0xa9000440, 1, 5, 0x1000, 5 },	/* stp x0, x1, [x2] */
		{ 0xa8c10440, 1, 5, 0x1000, unknown },	/* ldp x0, x1, [x2], #16 */
		{ 0xa8c10440, 0, 5, 0x1000, unknown },
		{ 0xa8c10440, 2, 5, 0x1000, unknown },
		{ 0x94000000, 1, 5, 0, unknown },	/* bl . */
		{ 0x94000000, 19, 5, 0, 7 },
		{ 0xd4000002, 0, 5, 0, unknown },	/* hvc #0 */
		{ 0xd4210000, 0, 5, 0, 0x1000 },	/* brk #0x800 */
		{ 0xd5384100, 0, 5, 0, unknown },	/* mrs x0, sp_el0 */
		{ 0xd5384100, 2, 5, 3, 3 },
		{ 0x9b020c20, 0, 5, 3, unknown },	/* madd x0, x1, x2, x3 */
		{ 0x9b020c20, 1, 5, 3, 5 },
		{ 0xf8200041, 1, 5, 3, unknown },	/* ldadd x0, x1, [x2] */
		{ 0x48207c82, 1, 5, 3, unknown },	/* casp x0, x1, x2, x3, [x4] */
		{ 0x910043e0, 0, 5, 3, unknown },	/* add x0, sp, #16 */
		{ 0x9e660000, 0, 5, 3, unknown },	/* fmov x0, d0 */
		{ 0x1a821021, 1, 5, 3, 5 },		/* csel w1, w1, w2, ne */
		{ 0x14000000, 1, 5, 3, 5 },		/* b . */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct registers r = some_registers(row[i].a, row[i].b, 0);

		effect_of(&r, row[i].word, 0x2000, table_at, NULL);
		if (value_of(&r, row[i].to) != row[i].result)
			print_error("row %zu\n", i);
		assert_int_equal(value_of(&r, row[i].to), row[i].result);
	}
}

static void parts_and_extensions(void **state)
{
	static const struct {
		uint32_t word;
		uint64_t x0, result;
	} row[] = {
		{ 0x13047c00, 0xfffffff0, 0xffffffff },	/* asr w0, w0, #4 */
		{ 0xd34c3c00, 0xabcde, 0xb },		/* ubfx x0, x0, #12, #4 */
		{ 0x13041c00, 0x80, 0xfffffff8 },	/* sbfx w0, w0, #4, #4 */
		{ 0xd378dc00, 0x12, 0x1200 },		/* lsl x0, x0, #8 */
		{ 0x12001c00, 0x1234, 0x34 },		/* and w0, w0, #0xff */
		{ 0xf27dec00, ~0ull, 0x7ffffffffffffff8 },
					/* ands x0, x0, #0x7ffffffffffffff8 */
		{ 0x8b20a820, 0xffff, 0x1ffc },
				/* add x0, x1, w0, sxth #2: x1 is 0x2000 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct registers r = some_registers(0x2000, 0, 0);

		put_value(&r, 0, row[i].x0);
		effect_of(&r, row[i].word, 0x2000, table_at, NULL);
		assert_int_equal(value_of(&r, 0), row[i].result);
	}
}

/* cmp x1, x2, then a branch; A and B are x1 and x2. */
static void branches(void **state)
{
	static const struct {
		uint32_t branch;
		uint64_t a, b;
		int taken;
	} row[] = {
		{ 0x54000000, 5, 5, 1 }, { 0x54000000, 5, 6, 0 },	/* eq */
		{ 0x54000002, 5, 5, 1 }, { 0x54000002, 4, 5, 0 },	/* hs */
		{ 0x54000008, 6, 5, 1 }, { 0x54000008, 5, 5, 0 },	/* hi */
		{ 0x54000008, -1ull, 5, 1 },
		{ 0x54000009, 5, 5, 1 }, { 0x54000009, 6, 5, 0 },	/* ls */
		{ 0x5400000c, 6, 5, 1 }, { 0x5400000c, 5, 5, 0 },	/* gt */
		{ 0x5400000c, -1ull, 5, 0 },
		{ 0x5400000b, -1ull, 5, 1 }, { 0x5400000b, 5, 5, 0 },	/* lt */
		{ 0x5400000b, 1ull << 63, 1, 1 },
		{ 0x54000006, 1ull << 63, 1, 1 }, { 0x54000006, 3, 1, 0 }, /* vs */
		{ 0x54000004, 1, 2, 1 }, { 0x54000004, 2, 1, 0 },	/* mi */
		{ 0xb4000001, 0, 1, 1 }, { 0xb4000001, 1ull << 32, 1, 0 },
							/* cbz x1 */
		{ 0x35000001, 1ull << 32, 1, 0 }, { 0x35000001, 3, 1, 1 },
							/* cbnz w1 */
		{ 0xb6f80001, 1, 1, 1 }, { 0xb6f80001, -1ull, 1, 0 },
							/* tbz x1, #63 */
		{ 0x37480001, 0x200, 1, 1 }, { 0x37480001, 0x100, 1, 0 },
							/* tbnz w1, #9 */
		{ 0xb4000003, 0, 0, -1 }, { 0x36000003, 0, 0, -1 },	/* x3 */
		{ 0x14000000, 0, 0, -1 },				/* b */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct registers r = some_registers(row[i].a, row[i].b, 0);

		effect_of(&r, 0xeb02003f, 0x2000, table_at, NULL);
		if (effect_taken(&r, row[i].branch) != row[i].taken)
			print_error("row %zu\n", i);
		assert_int_equal(effect_taken(&r, row[i].branch),
				 row[i].taken);
	}
}

static void flags_of_others(void **state)
{
	struct registers r = some_registers(5, 6, 0);

	(void)state;
	effect_of(&r, 0x7a451824, 0, table_at, NULL);	/* ccmp w1, #5, #4, ne */
	assert_int_equal(effect_taken(&r, 0x54000000), 1);
	r = some_registers(6, 6, 4);
	effect_of(&r, 0x7a451824, 0, table_at, NULL);	/* its own flags */
	assert_int_equal(effect_taken(&r, 0x54000000), 1);
	r = some_registers(6, 6, 0);
	effect_of(&r, 0x7a451824, 0, table_at, NULL);
	assert_int_equal(effect_taken(&r, 0x54000000), 0);
	effect_of(&r, 0xea02003f, 0, table_at, NULL);	/* tst x1, x2 */
	assert_int_equal(effect_taken(&r, 0x54000000), 0);
	effect_of(&r, 0x9b020c20, 0, table_at, NULL);	/* madd leaves them */
	assert_int_equal(effect_taken(&r, 0x54000000), 0);
	effect_of(&r, 0xeb03003f, 0, table_at, NULL);	/* cmp x1, x3 */
	assert_int_equal(effect_taken(&r, 0x54000000), -1);
	r = some_registers(6, 6, 0);
	effect_of(&r, 0x94000000, 0, table_at, NULL);	/* bl */
	assert_int_equal(effect_taken(&r, 0x54000000), -1);
}

/* A register whose lower half we know. */
static void half_known(void **state)
{
	struct registers r = some_registers(0, 0xae80, 0);

	(void)state;
	r.x[1] = (struct known_register){ 0xae80, 0xffffffff };
	effect_of(&r, 0x6b02003f, 0, table_at, NULL);	/* cmp w1, w2 */
	assert_int_equal(effect_taken(&r, 0x54000000), 1);
	effect_of(&r, 0xeb02003f, 0, table_at, NULL);	/* cmp x1, x2 */
	assert_int_equal(effect_taken(&r, 0x54000000), -1);
	assert_int_equal(effect_taken(&r, 0x37380001), 1);	/* tbnz w1, #7 */
	assert_int_equal(effect_taken(&r, 0xb7f80001), -1);	/* bit 63 */
	effect_of(&r, 0x2a0103f3, 0, table_at, NULL);	/* mov w19, w1 */
	assert_int_equal(value_of(&r, 19), 0xae80);
}

static void what_two_ways_know(void **state)
{
	struct registers a = some_registers(5, 1ull << 32 | 6, 4);
	struct registers b = some_registers(5, 6, 4);

	(void)state;
	assert_true(effect_join(&a, &b));
	assert_int_equal(value_of(&a, 1), 5);
	assert_int_equal(a.x[2].mask, 0xffffffff);
	assert_int_equal(a.x[2].value, 6);
	assert_true(a.flags_known);
	assert_false(effect_join(&a, &b));
	b.flags = 0;
	put_value(&b, 1, 4);
	assert_true(effect_join(&a, &b));
	assert_false(a.flags_known);
	assert_int_equal(a.x[1].mask, 0);
	b = (struct registers){ .flags_known = false };
	assert_true(effect_join(&a, &b));
	assert_int_equal(value_of(&a, 19), unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results),
		cmocka_unit_test(parts_and_extensions),
		cmocka_unit_test(branches),
		cmocka_unit_test(flags_of_others),
		cmocka_unit_test(half_known),
		cmocka_unit_test(what_two_ways_know),
	};

	return RUN_UNIT_TESTS(tests);
}
