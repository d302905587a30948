// SPDX-License-Identifier: MIT
/* Unit tests of kernel/symbols.h. */
#include "unit.h"
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suffixes),
	};

	return RUN_UNIT_TESTS(tests);
}
