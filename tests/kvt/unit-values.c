// SPDX-License-Identifier: MIT
/* Unit tests of import/values.h: what a word of a known type prints as. */
#include "unit.h"
#include "base/buf.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

#define PRINTS(type, word, wanted)				\
	APPENDS(value_print(out, o, &(type), word, 0), wanted)
#define USER(word, wanted) APPENDS(user_print(out, o, word), wanted)

static const struct value_type vcpu = {
	.class = VALUE_POINTER, .size = 8, .name = "kvm_vcpu",
	.pointee_size = 0x100,
};
static const struct value_type untyped = { VALUE_POINTER, 8, "", 0, 0 };
static const struct value_type u64 = { VALUE_UNSIGNED, 8, "", 0, 0 };
static const struct value_type s32 = { VALUE_SIGNED, 4, "", 0, 0 };

static struct objects *o;

static int set_up(void **state)
{
	static char name[] = "kvm_vm_fops";
	static struct function variable = {
		.address = 0xffff800081000000, .name = name,
	};
	static const struct facts facts = {
		.variable = &variable, .variables = 1,
	};

	(void)state;
	o = objects_new(&facts);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	objects_free(o);
	return 0;
}

static void test_pointers_are_numbered(void **state)
{
	(void)state;
	PRINTS(vcpu, 0xffff000000001000, "vcpu#0");
	PRINTS(vcpu, 0xffff000000002000, "vcpu#1");
	PRINTS(vcpu, 0xffff000000001000, "vcpu#0");
	PRINTS(untyped, 0xffff000000002000, "vcpu#1");
	PRINTS(untyped, 0xffff000000009000, "ptr#0");
	PRINTS(untyped, 0, "NULL");
	PRINTS(untyped, -22ull, "ERR_PTR(-EINVAL)");
	PRINTS(untyped, 65535, "0xffff");
	PRINTS(untyped, 0xffff800081000000, "&kvm_vm_fops");
	PRINTS(untyped, 0xffff800081000008, "ptr#1");
	/* Of 52 bits of addresses, the kernel's begin lower. */
	PRINTS(vcpu, 0xfff0000000001000, "vcpu#2");
}

static void test_types_have_the_names_that_people_use(void **state)
{
	const struct value_type slot = { VALUE_POINTER, 8, "kvm_memory_slot", 0, 0 };
	const struct value_type file = { VALUE_POINTER, 8, "file", 0, 0 };

	(void)state;
	PRINTS(slot, 0xffff000000001000, "memslot#0");
	PRINTS(file, 0xffff000000001000, "file#0");
}

static void test_end_of_an_object_is_its_own(void **state)
{
	(void)state;
	PRINTS(vcpu, 0xffff000000001100, "vcpu#0");
	PRINTS(vcpu, 0xffff000000001000, "vcpu#1");
	/* vcpu#1 ends where vcpu#0 begins */
	PRINTS(untyped, 0xffff000000001100, "vcpu#1+0x100");
	PRINTS(untyped, 0xffff000000001010, "vcpu#1+0x10");
	PRINTS(untyped, 0xffff000000001201, "ptr#0");
}

/* A known object wins over one that it is a part of. */
static void test_a_part_has_its_own_name(void **state)
{
	const struct value_type part = { VALUE_POINTER, 8, "vgic_cpu", 0, 0 };

	(void)state;
	PRINTS(vcpu, 0xffff000000001000, "vcpu#0");
	PRINTS(part, 0xffff000000001010, "vgic_cpu#0");
	PRINTS(untyped, 0xffff000000009000, "ptr#0");
	PRINTS(untyped, 0xffff000000001010, "vgic_cpu#0");
	PRINTS(untyped, 0xffff000000001018, "vcpu#0+0x18");
}

static void test_an_object_that_ended_gets_a_new_number(void **state)
{
	(void)state;
	PRINTS(vcpu, 0xffff000000001000, "vcpu#0");
	object_end(o, object_any_at(o, 0xffff000000001000));
	PRINTS(untyped, 0xffff000000001010, "ptr#0");
	PRINTS(vcpu, 0xffff000000001000, "vcpu#1");
}

/* A guest kernel's addresses look like the host's. */
static void test_a_number_is_no_pointer(void **state)
{
	(void)state;
	PRINTS(vcpu, 0xffff800080010000, "vcpu#0");
	PRINTS(u64, 0xffff800080010000, "0xffff800080010000");
	PRINTS(u64, -22ull, "0xffffffffffffffea");
	USER(0xffffff001000, "user#0");
	PRINTS(u64, 0xffffff001000, "0xffffff001000");
}

static void test_addresses_in_the_program(void **state)
{
	(void)state;
	USER(0xffffff001000, "user#0");
	/* Below half of the address space, too. */
	USER(0x4a0000, "user#1");
	PRINTS(vcpu, 0xffffff001000, "user#0");
	USER(0, "NULL");
	USER(16, "0x10");
	USER(65536, "user#2");
	USER(0xffff000000001000, "0xffff000000001000");
}

static void test_addresses_in_a_mapping(void **state)
{
	(void)state;
	objects_map(o, 0xffff10000000, 0x2000);
	objects_map(o, 0xffff10002000, 0x1000);
	USER(0xffff10002000, "user#0");
	USER(0xffff10000010, "user#1+0x10");
	USER(0xffff10000000, "user#1");
	USER(0xffff10001fff, "user#1+0x1fff");
	USER(0xffff10002fff, "user#0+0xfff");
	/* Just past it is none of it. */
	USER(0xffff10003000, "user#2");
	objects_unmap(o, 0xffff10000000, 0x2000);
	USER(0xffff10000010, "user#3");
}

static void test_the_end_of_a_range_belongs_to_it(void **state)
{
	(void)state;
	objects_map(o, 0xffff10000000, 0x2000);
	objects_map(o, 0xffff10002000, 0x1000);
	USER(0xffff10002000, "user#0");
	APPENDS(user_end_print(out, o, 0xffff10000000, 0xffff10002000),
		"user#1+0x2000");
	APPENDS(user_end_print(out, o, 0xffff10002000, 0xffff10003000),
		"user#0+0x1000");
	APPENDS(user_end_print(out, o, 0xffff10002000, 0xffff10003001),
		"user#2");
	APPENDS(user_end_print(out, o, 0x5000, 0x400000), "user#3");
}

/* In guests of nVHE, addresses of EL2 are in the upper half of 48 bits. */
static void test_addresses_of_el2(void **state)
{
	(void)state;
	APPENDS(hyp_print(out, o, 0x800000001008), "va#0+0x8");
	APPENDS(hyp_print(out, o, 0xffffffffffff), "va#1+0xfff");
	APPENDS(hyp_print(out, o, 0x7fffffffffff), "0x7fffffffffff");
	APPENDS(hyp_print(out, o, 0x1000000000000), "0x1000000000000");
	APPENDS(hyp_print(out, o, 0), "0");
}

static void test_integers_have_their_width(void **state)
{
	const struct value_type u32 = { VALUE_UNSIGNED, 4, "", 0, 0 };
	const struct value_type flag = { VALUE_BOOL, 1, "", 0, 0 };

	(void)state;
	PRINTS(s32, 0xdeadbeefffffffff, "-1");
	PRINTS(u32, 0xdeadbeef00000007, "7");
	PRINTS(u32, 4096, "0x1000");
	PRINTS(u64, 4095, "4095");
	PRINTS(flag, 0xffffff00, "false");
	PRINTS(flag, 0xffffff01, "true");
}

static void test_pages(void **state)
{
	const struct value_type phys = { VALUE_PHYSICAL, 8, "", 0, 0 };
	const struct value_type pfn = { VALUE_FRAME, 8, "", 0, 0 };
	const struct value_type pte = { VALUE_ENTRY, 8, "", 0, 0 };

	(void)state;
	PRINTS(phys, 0x42369ca0, "phys#0+0xca0");
	PRINTS(phys, 0x42369000, "phys#0");
	PRINTS(pfn, 0x42369, "phys#0");
	PRINTS(pfn, 0x40bfa, "phys#1");
	PRINTS(pte, 0x400000423697ff, "phys#0|0x400000000007ff");
	PRINTS(pte, 0x40bfb003, "phys#2|0x3");
	PRINTS(pte, 0x40bfa7fe, "0x40bfa7fe");
	PRINTS(pte, 0, "0");
	PRINTS(pfn, 0x7ff0000000000002, "KVM_PFN_ERR_RO_FAULT");
	PRINTS(pfn, 0x7ff0000000000005, "0x7ff0000000000005");
	PRINTS(pfn, 0x7ff0000000000009, "0x7ff0000000000009");
	PRINTS(pfn, 0x8000000000000000, "KVM_PFN_NOSLOT");
	/* A page of the host's and an address in the program are two things. */
	USER(0x42369000, "user#0");
}

static void test_structs_in_registers(void **state)
{
	const struct value_type small = { VALUE_BYTES, 4, "", 0, 0 };
	const struct value_type big = { VALUE_BYTES, 12, "", 0, 0 };

	(void)state;
	APPENDS(value_print(out, o, &small, 0xdeadbeef00000007, 1), "{0x7}");
	APPENDS(value_print(out, o, &big, 1, 0xdeadbeef00000007), "{0x1, 0x7}");
}

static void test_results_name_errors(void **state)
{
	(void)state;
	APPENDS(result_print(out, o, &s32, 0xffffffea), "-EINVAL");
	APPENDS(result_print(out, o, &s32, 12), "12");
	APPENDS(result_print(out, o, &s32, (uint32_t)-512), "-ERESTARTSYS");
	APPENDS(result_print(out, o, &s32, (uint32_t)-4096), "-4096");
	assert_true(value_is_errno(&s32, (uint32_t)-4095));
	assert_false(value_is_errno(&s32, (uint32_t)-4096));
	assert_false(value_is_errno(&s32, 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pointers_are_numbered),
		TEST(types_have_the_names_that_people_use),
		TEST(end_of_an_object_is_its_own),
		TEST(a_part_has_its_own_name),
		TEST(an_object_that_ended_gets_a_new_number),
		TEST(a_number_is_no_pointer),
		TEST(addresses_in_the_program),
		TEST(addresses_in_a_mapping),
		TEST(the_end_of_a_range_belongs_to_it),
		TEST(addresses_of_el2),
		TEST(integers_have_their_width),
		TEST(pages),
		TEST(structs_in_registers),
		TEST(results_name_errors),
	};

	return RUN_UNIT_TESTS(tests);
}
