// SPDX-License-Identifier: MIT
/* Unit tests of view/durations: medians are exact where they are small. */
#include "unit.h"

#include "view/durations.h"

static uint64_t median_of(const uint64_t *ns, int count)
{
	struct durations d = { .count = 0 };
	uint64_t median;

	for (int i = 0; i < count; i++)
		durations_add(&d, ns[i]);
	median = durations_median(&d);
	durations_free(&d);
	return median;
}

static void test_small_ones_are_exact(void **state)
{
	(void)state;
	for (uint64_t ns = 0; ns < 256; ns++)
		assert_int_equal(median_of(&ns, 1), ns);
}

static void test_large_ones_are_near(void **state)
{
	(void)state;
	for (unsigned int shift = 8; shift < 64; shift++) {
		uint64_t all[] = { 1ull << shift, (1ull << shift) + 1,
				   (2ull << shift) - 1, (3ull << shift) / 2 };

		for (int i = 0; i < 4; i++) {
			uint64_t three[] = { 0, all[i], UINT64_MAX };
			uint64_t got = median_of(three, 3);

			assert_true(got <= all[i]);
			assert_true(all[i] - got <= all[i] / 128);
		}
	}
}

/* Not below the smallest, although its bucket begins there. */
static void test_a_median_is_one_of_them(void **state)
{
	const uint64_t two[] = { 1001, 1001 };

	(void)state;
	assert_int_equal(median_of(two, 2), 1001);
}

static void test_the_lower_of_the_middle(void **state)
{
	const uint64_t four[] = { 40, 10, 30, 20 }, three[] = { 9, 1, 5 };

	(void)state;
	assert_int_equal(median_of(four, 4), 20);
	assert_int_equal(median_of(three, 3), 5);
}

static void test_sums(void **state)
{
	struct durations d = { .count = 0 };

	(void)state;
	durations_add(&d, 7);
	durations_add(&d, 3);
	durations_add(&d, 300);
	assert_int_equal(d.count, 3);
	assert_int_equal(d.min, 3);
	assert_int_equal(d.max, 300);
	assert_int_equal(d.total, 310);
	durations_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_ones_are_exact),
		cmocka_unit_test(test_large_ones_are_near),
		cmocka_unit_test(test_a_median_is_one_of_them),
		cmocka_unit_test(test_the_lower_of_the_middle),
		cmocka_unit_test(test_sums),
	};

	return RUN_UNIT_TESTS(tests);
}
