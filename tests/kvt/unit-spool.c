// SPDX-License-Identifier: MIT
/* Unit tests of base/spool.h: bytes in memory, in a file, and in both. */
#include "base/buf.h"
#include "base/spool.h"
#include "unit.h"

enum { BLOCK = 49152 };

static void collect_piece(void *user, const char *data, size_t size)
{
	buf_add(user, data, size);
}

/* Checks that a spool returns WANTED's bytes. */
static void assert_holds(struct spool *s, const struct buf *wanted)
{
	struct buf got = { 0 };

	spool_read(s, collect_piece, &got);
	assert_int_equal(got.size, wanted->size);
	if (wanted->size)
		assert_memory_equal(got.text, wanted->text, wanted->size);
	buf_free(&got);
}

static void add_numbers(struct spool *s, struct buf *wanted, int from, int to)
{
	for (int i = from; i < to; i++) {
		char text[16];
		int n = snprintf(text, sizeof(text), "%d,", i);

		spool_add(s, text, n);
		buf_add(wanted, text, n);
	}
}

static void test_text_comes_back(void **state)
{
	static const size_t limits[] = { 0, BLOCK, 2 * BLOCK + 1, 64 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct spools *all = spools_new(limits[i]);
		struct spool s = { .all = all };
		struct buf wanted = { 0 };

		assert_true(spool_is_empty(&s));
		assert_holds(&s, &wanted);
		add_numbers(&s, &wanted, 0, 1);
		assert_false(spool_is_empty(&s));
		assert_holds(&s, &wanted);
		add_numbers(&s, &wanted, 1, 60000);
		assert_holds(&s, &wanted);
		spool_free(&s);
		assert_true(spool_is_empty(&s));
		spools_free(all);
		buf_free(&wanted);
	}
}

static void test_blocks_may_be_just_full(void **state)
{
	struct spools *all = spools_new(BLOCK);
	struct spool s = { .all = all };
	struct buf wanted = { 0 };
	char *block = calloc(1, BLOCK);

	(void)state;
	for (int i = 0; i < 3; i++) {
		memset(block, 'a' + i, BLOCK);
		spool_add(&s, block, BLOCK);
		buf_add(&wanted, block, BLOCK);
		assert_false(spool_is_empty(&s));
		assert_holds(&s, &wanted);
	}
	free(block);
	spool_free(&s);
	spools_free(all);
	buf_free(&wanted);
}

/* Replaces bytes in memory, in the file, in the last block, and across each
 * border. */
static void test_bytes_can_be_replaced(void **state)
{
	static const size_t at[] = {
		0, 1000, BLOCK - 4, BLOCK, BLOCK + 7, 2 * BLOCK - 1,
		2 * BLOCK + 10, 2 * BLOCK + 92,
	};
	struct spools *all = spools_new(BLOCK);
	struct spool s = { .all = all };
	struct buf wanted = { 0 };
	char *text = calloc(1, 2 * BLOCK + 100);

	(void)state;
	spool_add(&s, text, 2 * BLOCK + 100);
	buf_add(&wanted, text, 2 * BLOCK + 100);
	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		spool_patch(&s, at[i], "12345678", 8);
		memcpy(wanted.text + at[i], "12345678", 8);
		assert_holds(&s, &wanted);
	}
	free(text);
	spool_free(&s);
	spools_free(all);
	buf_free(&wanted);
}

static void test_spools_share_a_file(void **state)
{
	struct spools *all = spools_new(BLOCK);
	struct spool a = { .all = all }, b = { .all = all };
	struct buf in_a = { 0 }, in_b = { 0 };

	(void)state;
	for (int i = 0; i < 20; i++) {
		add_numbers(&a, &in_a, 1000 * i, 1000 * i + 1000);
		add_numbers(&b, &in_b, 5000 * i, 5000 * i + 5000);
	}
	assert_holds(&a, &in_a);
	spool_free(&a);
	assert_holds(&b, &in_b);
	spool_free(&b);
	spools_free(all);
	buf_free(&in_a);
	buf_free(&in_b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_comes_back),
		cmocka_unit_test(test_blocks_may_be_just_full),
		cmocka_unit_test(test_bytes_can_be_replaced),
		cmocka_unit_test(test_spools_share_a_file),
	};

	return RUN_UNIT_TESTS(tests);
}
