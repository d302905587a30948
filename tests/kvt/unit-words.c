// SPDX-License-Identifier: MIT
/* Unit tests of import/words.h: what a capture says about calls and
 * tracepoints. */
#define _GNU_SOURCE
#include "unit_kernel.h"

static void test_arguments_have_names(void **state)
{
	(void)state;
	begin();
	CALLED("pair={0x1, 0x2}, n=3", "takes_pair", 1, 2, 3);
	CALLED("reg=TCR_EL1, flags=FLAG_A|FLAG_C", "takes_reg", 1, 5);
	CALLED("...", "changed.isra.0", 1);
	CALL("a=1, b=2, c=3, d=4, e=5, f=6, g=7", "takes_seven", 1, 2, 3, 4, 5,
	     6, 7);
}

static void test_registers_that_were_not_recorded(void **state)
{
	const uint64_t word[8] = { 1, 2, 3, 4, 5, 6, 7 };
	const struct call_plan *seven = words_function(w, named("takes_seven")),
			       *pairs = words_function(w, named("takes_pair"));

	(void)state;
	APPENDS(words_args(w, t, out, seven, word, 6),
		"a=1, b=2, c=3, d=4, e=5, f=6, ...");
	APPENDS(words_args(w, t, out, seven, word, 0), "...");
	APPENDS(words_args(w, t, out, pairs, word, 1), "...");
	APPENDS(words_args(w, t, out, pairs, word, 2), "pair={0x1, 0x2}, ...");
}

static void test_plans_are_kept(void **state)
{
	const struct tep_event *e = tep_find_event_by_name(facts.tep, "kvm",
							   "kvm_entry");

	(void)state;
	assert_ptr_equal(words_function(w, named("takes_any")),
			 words_function(w, named("takes_any")));
	assert_ptr_equal(words_event(w, e), words_event(w, e));
}

static void test_a_register_wins_over_markers(void **state)
{
	(void)state;
	begin();
	CALLED("reg=TCR_EL1, flags=FLAG_A", "takes_reg", 1, 1);
	CALLED("reg=ACTLR_EL1, flags=FLAG_B", "takes_reg", 2, 2);
	CALLED("reg=NR_SYS_REGS, flags=0", "takes_reg", 3, 0);
	CALLED("reg=PAR_EL1, flags=0x8", "takes_reg", 4, 8);
	CALLED("reg=LOWEST_REG, flags=FLAG_A", "takes_reg", 0xfffffffd, 1);
	CALLED("reg=5, flags=FLAG_A", "takes_reg", 5, 1);
	CALLED("reg=-4, flags=FLAG_A", "takes_reg", 0xfffffffc, 1);
}

/* One and two may be numbers as well as bits. */
static void test_numbers_are_no_bits(void **state)
{
	(void)state;
	begin();
	CALLED("few=FEW_B", "takes_few", 2);
	CALLED("few=3", "takes_few", 3);
	CALLED("few=0", "takes_few", 0);
}

static void test_whose_addresses_they_are(void **state)
{
	(void)state;
	begin();
	CALLED("addr=0x40000000, end=0x40010000", "stage2_apply_range",
	       0x40000000, 0x40010000);
	CALLED("guest_ipa=0x8000000, pa=phys#0", "kvm_phys_addr_ioremap",
	       0x8000000, 0x8000000);
	CALLED("fault_ipa=0x200, hva=user#0", "user_mem_abort", 0x200, 0x4a0000);
	CALL("vcpu=vcpu#0", "vcpu_read_sys_reg", HEAP);
	RETURN(" = 0xffff000003000010", HEAP + 16);
	CALL("gfn=0x40000", "gfn_to_hva_memslot", 0x40000);
	RETURN(" = user#1", 0xffff10000000);
}

static void test_the_argument_of_an_ioctl(void **state)
{
	(void)state;
	begin();
	CALLED("filp=file#0, ioctl=KVM_SET_USER_MEMORY_REGION, arg=user#0",
	       "kvm_vm_ioctl", HEAP, 0x4020ae46, 0x4a0010);
	CALLED("filp=file#0, ioctl=KVM_CREATE_VCPU, arg=0x4a0010",
	       "kvm_vm_ioctl", HEAP, 0xae41, 0x4a0010);
	CALLED("filp=file#0, ioctl=KVM_CHECK_EXTENSION, arg=KVM_CAP_MAX_VCPUS",
	       "kvm_vm_ioctl", HEAP, 0xae03, 66);
	CALLED("filp=file#0, ioctl=0x40045401, arg=0x4a0010",
	       "kvm_vm_ioctl", HEAP, 0x40045401, 0x4a0010);
}

static void event(struct buf *out, const char *name, const void *data,
		  unsigned int size)
{
	words_event_fields(w, t, out, words_event(w,
			   tep_find_event_by_name(facts.tep, "kvm", name)),
			   data, size);
}

static void test_fields_of_tracepoints(void **state)
{
	const uint64_t entry[] = { 60, 0xffff800080010000 };
	const uint64_t debug[] = { 62, HEAP, 0x7878780000000003, 0xffff };

	(void)state;
	begin();
	CALL("vcpu=vcpu#0", "vcpu_read_sys_reg", HEAP);
	APPENDS(event(out, "kvm_entry", entry, 16), "vcpu_pc=0xffff800080010000");
	APPENDS(event(out, "kvm_set_guest_debug", debug, 32),
		"vcpu=vcpu#0, guest_debug=3, left=-1");
	/* A record that is cut short. */
	APPENDS(event(out, "kvm_set_guest_debug", debug, 25),
		"vcpu=vcpu#0, guest_debug=3");
	APPENDS(event(out, "kvm_entry", entry, 15), "");
}

static void test_a_range_of_the_program(void **state)
{
	const uint64_t range_of[] = { 63, 0xffff10000000, 0xffff10002000 };

	(void)state;
	objects_map(words_objects(w), 0xffff10000000, 0x2000);
	objects_map(words_objects(w), 0xffff10002000, 0x2000);
	APPENDS(event(out, "kvm_unmap_hva_range", range_of, 24),
		"start=user#0, end=user#0+0x2000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(arguments_have_names),
		TEST(registers_that_were_not_recorded),
		TEST(plans_are_kept),
		TEST(a_register_wins_over_markers),
		TEST(numbers_are_no_bits),
		TEST(whose_addresses_they_are),
		TEST(the_argument_of_an_ioctl),
		TEST(fields_of_tracepoints),
		TEST(a_range_of_the_program),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_kernel, NULL);
}
