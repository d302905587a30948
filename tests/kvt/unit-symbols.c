// SPDX-License-Identifier: MIT
/* Unit tests of kernel/symbols.h. */
#include "unit.h"
#include <stdbool.h>

#include "kernel/symbols.h"

static void test_suffixes(void **state)
{
	char name[] = "kvm_free_memslots.part.0", plain[] = "kvm_run";

	(void)state;
	strip_suffix(name);
	assert_string_equal(name, "kvm_free_memslots");
	strip_suffix(plain);
	assert_string_equal(plain, "kvm_run");
}

static bool table_of(const char *release, const char *kernel)
{
	const struct symbols s = { .release = release };

	return symbols_are_of(&s, kernel);
}

static void test_release(void **state)
{
	(void)state;
	assert_true(table_of("6.18.15", "6.18.15 aarch64 config"));
	assert_true(table_of("6.18.15", "6.18.15"));
	assert_true(table_of("6.18.15", "6.18.15+deb13-cloud-arm64 aarch64"));
	assert_true(table_of("6.18.15", "6.18.15-mine aarch64"));
	assert_false(table_of("6.18.15", "6.18.150 aarch64"));
	assert_false(table_of("6.18.15", "6.18.1 aarch64"));
	assert_false(table_of("6.18.15", "6.18.15.1 aarch64"));
	assert_false(table_of("6.18.0", "6.18.0-rc2 aarch64"));
	assert_true(table_of("6.18.0-rc2", "6.18.0-rc2-mine aarch64"));
	assert_false(table_of("6.18.15", "7.3.4 aarch64"));
	assert_false(table_of("6.18.15", "?"));
	/* We know nothing about a table without a release. */
	assert_true(table_of(NULL, "7.3.4 aarch64"));
	assert_null(symbols_find(NULL, "kvm_run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suffixes),
		cmocka_unit_test(test_release),
	};

	return RUN_UNIT_TESTS(tests);
}
