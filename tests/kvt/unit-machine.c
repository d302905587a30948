// SPDX-License-Identifier: MIT
/* Unit tests of record/machine.h: how KVM uses EL2, by the kernel's log. */
#include "unit.h"

#include "record/machine.h"

#define SAID "[    0.1] kvm [1]: "

static void test_modes(void **state)
{
	static const char *const said[][2] = {
		{ SAID "VHE mode initialized successfully\n", "vhe" },
		{ SAID "VHE+NV2 mode initialized successfully\n", "nested" },
		{ SAID "Hyp nVHE mode initialized successfully\n", "nvhe" },
		{ SAID "Hyp hVHE mode initialized successfully\n", "nvhe" },
		{ SAID "Protected nVHE mode initialized successfully\n",
		  "protected" },
		{ SAID "Protected hVHE mode initialized successfully\n",
		  "protected" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
		assert_string_equal(machine_mode_of_log(said[i][0]),
				    said[i][1]);
}

/* A log that has wrapped may have lost it, or the beginning of its line. */
static void test_log_without_it(void **state)
{
	(void)state;
	assert_null(machine_mode_of_log(""));
	assert_null(machine_mode_of_log(SAID "IPA Size Limit: 48 bits\n"));
	assert_null(machine_mode_of_log("VHE mode initialized succ"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_log_without_it),
	};

	return RUN_UNIT_TESTS(tests);
}
