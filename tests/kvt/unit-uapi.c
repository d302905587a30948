// SPDX-License-Identifier: MIT
/* Unit tests of kernel/uapi.h: the names of numbers. */
#include "unit.h"
#include "kernel/uapi.h"

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(ioctl_name(0xae01, false), "KVM_CREATE_VM");
	assert_string_equal(ioctl_name(0xae80, true), "KVM_RUN");
	assert_string_equal(ioctl_name(0x4010aeab, true), "KVM_GET_ONE_REG");
	assert_string_equal(ioctl_name(0x4010aeab, false),
			    "KVM_ARM_SET_DEVICE_ADDR");
	assert_null(ioctl_name(0x12345678, false));
	assert_string_equal(value_name("cap", 66), "KVM_CAP_MAX_VCPUS");
	assert_string_equal(value_name("syscall", 29), "ioctl");
	assert_null(value_name("syscall", 99999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
	};

	return RUN_UNIT_TESTS(tests);
}
