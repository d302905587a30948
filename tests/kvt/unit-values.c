// SPDX-License-Identifier: MIT
/* Unit tests of import/values.h: what a word of a known type prints as. */
#include "unit.h"
#include "base/buf.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

#define PRINTS(o, type, word, wanted)				\
	APPENDS(value_print(out, o, &(type), word, 0), wanted)

static const struct value_type vcpu = {
	.class = VALUE_POINTER, .size = 8, .name = "kvm_vcpu",
	.pointee_size = 0x100,
};
static const struct value_type untyped = { VALUE_POINTER, 8, "", 0, 0 };

static struct objects *new_objects(void)
{
	static struct facts no_variables;

	return objects_new(&no_variables);
}

static void test_pointers_are_numbered(void **state)
{
	struct objects *o = new_objects();

	(void)state;
	PRINTS(o, vcpu, 0xffff000000001000, "vcpu#0");
	PRINTS(o, vcpu, 0xffff000000002000, "vcpu#1");
	PRINTS(o, vcpu, 0xffff000000001000, "vcpu#0");
	PRINTS(o, untyped, 0xffff000000002000, "vcpu#1");
	PRINTS(o, untyped, 0xffff000000009000, "ptr#0");
	PRINTS(o, untyped, 0, "NULL");
	PRINTS(o, untyped, -22ull, "ERR_PTR(-EINVAL)");
}

static void test_end_of_an_object_is_its_own(void **state)
{
	struct objects *o = new_objects();

	(void)state;
	PRINTS(o, vcpu, 0xffff000000001100, "vcpu#0");
	PRINTS(o, vcpu, 0xffff000000001000, "vcpu#1");
	/* vcpu#1 ends where vcpu#0 begins */
	PRINTS(o, untyped, 0xffff000000001100, "vcpu#1+0x100");
	PRINTS(o, untyped, 0xffff000000001010, "vcpu#1+0x10");
	PRINTS(o, untyped, 0xffff000000001201, "ptr#0");
}

static void test_retired_object_gets_a_new_number(void **state)
{
	struct objects *o = new_objects();

	(void)state;
	PRINTS(o, vcpu, 0xffff000000001000, "vcpu#0");
	objects_retire(o, "kvm_vcpu", 0xffff000000001000);
	PRINTS(o, vcpu, 0xffff000000001000, "vcpu#1");
}

static void test_integers_have_their_width(void **state)
{
	const struct value_type s32 = { VALUE_SIGNED, 4, "", 0, 0 };
	const struct value_type u32 = { VALUE_UNSIGNED, 4, "", 0, 0 };
	const struct value_type u64 = { VALUE_UNSIGNED, 8, "", 0, 0 };
	const struct value_type flag = { VALUE_BOOL, 1, "", 0, 0 };
	const struct value_type phys = { VALUE_PHYSICAL, 8, "", 0, 0 };
	const struct value_type pfn = { VALUE_FRAME, 8, "", 0, 0 };
	const struct value_type pte = { VALUE_ENTRY, 8, "", 0, 0 };
	struct objects *o = new_objects();

	(void)state;
	PRINTS(o, s32, 0xdeadbeefffffffff, "-1");
	PRINTS(o, u32, 0xdeadbeef00000007, "7");
	PRINTS(o, u32, 4096, "0x1000");
	PRINTS(o, u64, 4095, "4095");
	PRINTS(o, flag, 0xffffff00, "false");
	PRINTS(o, flag, 0xffffff01, "true");
	PRINTS(o, phys, 0x42369ca0, "phys#0+0xca0");
	PRINTS(o, phys, 0x42369000, "phys#0");
	PRINTS(o, pfn, 0x42369, "phys#0");
	PRINTS(o, pfn, 0x40bfa, "phys#1");
	PRINTS(o, pte, 0x400000423697ff, "phys#0|0x400000000007ff");
	PRINTS(o, pte, 0x40bfb003, "phys#2|0x3");
	PRINTS(o, pte, 0x40bfa7fe, "0x40bfa7fe");
	PRINTS(o, pte, 0, "0");
	PRINTS(o, pfn, 0x7ff0000000000002, "KVM_PFN_ERR_RO_FAULT");
	PRINTS(o, pfn, 0x7ff0000000000009, "0x7ff0000000000009");
	PRINTS(o, pfn, 0x8000000000000000, "KVM_PFN_NOSLOT");
	PRINTS(o, u64, 0x800000001008, "va#0+0x8");
}

static void test_results_name_errors(void **state)
{
	const struct value_type s32 = { VALUE_SIGNED, 4, "", 0, 0 };
	struct objects *o = new_objects();

	(void)state;
	APPENDS(result_print(out, o, &s32, 0xffffffea), "-EINVAL");
	APPENDS(result_print(out, o, &s32, 12), "12");
	APPENDS(result_print(out, o, &s32, (uint32_t)-512), "-ERESTARTSYS");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pointers_are_numbered),
		cmocka_unit_test(test_end_of_an_object_is_its_own),
		cmocka_unit_test(test_retired_object_gets_a_new_number),
		cmocka_unit_test(test_integers_have_their_width),
		cmocka_unit_test(test_results_name_errors),
	};

	return RUN_UNIT_TESTS(tests);
}
