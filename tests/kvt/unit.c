// SPDX-License-Identifier: MIT
/* Unit tests of kvt's parts that need no kernel and no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "import/decode.h"
#include "import/syscalls.h"
#include "import/values.h"
#include "kernel/btf.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "kernel/uapi.h"

/* --- values --------------------------------------------------------- */

static char *print(struct objects *o, struct value_type t, uint64_t word)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	value_print(out, o, &t, word, 0);
	fclose(out);
	return text;
}

#define PRINTS(o, type, word, wanted)				\
	do {							\
		char *got = print(o, type, word);		\
		assert_string_equal(got, wanted);		\
		free(got);					\
	} while (0)

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
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	result_print(out, new_objects(), &s32, 0xffffffea);
	fputc(' ', out);
	result_print(out, new_objects(), &s32, 12);
	fputc(' ', out);
	result_print(out, new_objects(), &s32, (uint32_t)-512);
	fclose(out);
	assert_string_equal(text, "-EINVAL 12 -ERESTARTSYS");
	free(text);
}

/* --- names ---------------------------------------------------------- */

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

/* --- decoded values ------------------------------------------------- */

#define WRITES(call, wanted)					\
	do {							\
		char *text;					\
		size_t size;					\
		FILE *out = open_memstream(&text, &size);	\
		call;						\
		fclose(out);					\
		assert_string_equal(text, wanted);		\
		free(text);					\
	} while (0)

static void test_flags(void **state)
{
	(void)state;
	WRITES(flags_print(out, "open_flag", 0), "O_RDONLY");
	WRITES(flags_print(out, "open_flag", 02000002), "O_RDWR|O_CLOEXEC");
	WRITES(flags_print(out, "prot_flag", 3), "PROT_READ|PROT_WRITE");
	WRITES(flags_print(out, "map_flag", 0x22), "MAP_PRIVATE|MAP_ANONYMOUS");
	WRITES(flags_print(out, "mem_flag", 0), "0");
	WRITES(flags_print(out, "mem_flag", 0x101),
	       "KVM_MEM_LOG_DIRTY_PAGES|0x100");
}

static void test_syndromes(void **state)
{
	(void)state;
	WRITES(esr_print(out, 0x92000046),
	       "0x92000046 (DABT_LOW, level 2 translation fault, write)");
	WRITES(esr_print(out, 0x9200000f),
	       "0x9200000f (DABT_LOW, level 3 permission fault, read)");
	WRITES(esr_print(out, 0x92000147),
	       "0x92000147 (DABT_LOW, level 3 translation fault,"
	       " cache maintenance)");
	WRITES(esr_print(out, 0x82000087),
	       "0x82000087 (IABT_LOW, level 3 translation fault, table walk)");
	/* mrs x0, cntpct_el0; msr to a register without a name */
	WRITES(esr_print(out, 0x6232f801), "0x6232f801 (SYS64, read CNTPCT_EL0)");
	WRITES(esr_print(out, 0x623ffc1e), "0x623ffc1e (SYS64, write S3_7_C15_C15_7)");
	WRITES(esr_print(out, 0x5a000007), "0x5a000007 (HVC64, #7)");
	WRITES(esr_print(out, 0x06000001), "0x6000001 (WFx, WFE)");
	WRITES(esr_print(out, 0x0a000000), "0xa000000");
}

static void test_registers(void **state)
{
	(void)state;
	WRITES(reg_print(out, NULL, 0x603000000013c005),
	       "KVM_REG_ARM64_SYSREG MPIDR_EL1");
	WRITES(reg_print(out, NULL, 0x602000000013c005),
	       "KVM_REG_ARM64_SYSREG MPIDR_EL1 KVM_REG_SIZE_U32");
	/* The names of these two were swapped once, and stay so. */
	WRITES(reg_print(out, NULL, 0x603000000013df02), "KVM_REG_ARM_TIMER_CVAL");
	WRITES(reg_print(out, NULL, 0x603000000013df1a), "KVM_REG_ARM_TIMER_CNT");
	WRITES(reg_print(out, NULL, 0x6030000000140000), "KVM_REG_ARM_PSCI_VERSION");
	WRITES(reg_print(out, NULL, 0x12345), "0x12345");
}

#define DECODES(where, name, class, size, before, word, wanted)		\
	do {								\
		const struct value_type t = { class, size, "", 0, 0 };	\
		const struct decode d = { where, NULL, before, NULL };\
		WRITES(if (!decode_value(out, &d, name, &t, word))	\
			fputs("unknown", out), wanted);			\
	} while (0)

static void test_rules(void **state)
{
	const enum value_class s = VALUE_SIGNED, u = VALUE_UNSIGNED;

	(void)state;
	DECODES("kvm_vcpu_ioctl", "ioctl", u, 4, 0, 0x4010aeab, "KVM_GET_ONE_REG");
	DECODES("kvm_vm_ioctl", "ioctl", u, 4, 0, 0x4010aeab,
		"KVM_ARM_SET_DEVICE_ADDR");
	DECODES("kvm_vm_ioctl", "arg", u, 8, 0xae03, 66, "KVM_CAP_MAX_VCPUS");
	DECODES("kvm_vm_ioctl", "arg", u, 8, 0xae41, 66, "unknown");
	DECODES("kvm_exit", "ret", s, 4, 0, 2, "TRAP");
	DECODES("kvm_exit", "esr_ec", u, 4, 2, 0x24, "DABT_LOW");
	DECODES("kvm_exit", "esr_ec", u, 4, 0, 0, "unknown");
	DECODES("kvm_userspace_exit", "reason", u, 4, 0, 6, "KVM_EXIT_MMIO");
	DECODES("kvm_userspace_exit", "errno", s, 4, 0, -4, "-EINTR");
	DECODES("kvm_userspace_exit", "errno", s, 4, 0, 0, "unknown");
	DECODES("kvm_forward_sysreg_trap", "sysreg", u, 4, 0, 0x1800a0,
		"MPIDR_EL1");
	DECODES("kvm_hvc_arm64", "r0", u, 8, 0, 0x84000008,
		"PSCI_0_2_FN_SYSTEM_OFF");
	DECODES("kvm_hvc_arm64", "r0", u, 8, 0, 0x80000000,
		"ARM_SMCCC_VERSION_FUNC_ID");
	DECODES("kvm_inject_serror_esr", "esr", u, 8, 0, 0x92000046, "unknown");
	DECODES("kvm_irq_level", "irq", u, 4, 0, 0x1201001b,
		"KVM_ARM_IRQ_TYPE_PPI 27 vcpu 257");
	DECODES("kvm_vcpu_init", "features", u, 4, 0, 0x8004,
		"KVM_ARM_VCPU_PSCI_0_2|1<<15");
	DECODES("kvm_device_attr", "group", u, 4, 0, 1, "unknown");
	DECODES("kvm_handle_guest_abort", "vcpu", VALUE_POINTER, 8, 0, 1,
		"unknown");
}

/* --- folding -------------------------------------------------------- */

/* A root whose children are named by the letters of TEXT; a capital has a
 * failed result. */
static struct node *row(const char *text)
{
	struct node *root = xcalloc(1, sizeof(*root));

	for (; *text; text++) {
		char name[2] = { *text | 0x20 };
		struct node *n = node_add(root, NODE_CALL, name);

		n->args = xstrdup("");
		if (!(*text & 0x20))
			n->result = xstrdup("-EINVAL");
	}
	tree_fold(root);
	return root;
}

/* What is shown of it: "3(ab)c" is a and b three times, then c. */
static void folds_to(const char *text, const char *wanted)
{
	struct node *root = row(text);
	char got[256] = "", *p = got;

	for (unsigned int i = 0; i < root->children; ) {
		struct node *n = root->child[i];

		if (n->times > 1)
			p += sprintf(p, "%u(", n->times);
		for (unsigned int k = 0; k < n->group; k++)
			*p++ = root->child[i + k]->name[0];
		if (n->times > 1)
			*p++ = ')';
		*p = '\0';
		assert_false(n->hidden);
		assert_true(n->leader);
		for (unsigned int k = n->group; k < n->times * n->group; k++)
			assert_true(root->child[i + k]->hidden);
		i += n->times * n->group;
	}
	assert_string_equal(got, wanted);
	node_free(root);
}

static void test_repetitions_fold(void **state)
{
	(void)state;
	folds_to("", "");
	folds_to("a", "a");
	folds_to("ab", "ab");
	folds_to("aaaa", "4(a)");
	folds_to("abababc", "3(ab)c");
	folds_to("aabaab", "2(aab)");
	folds_to("xaaay", "x3(a)y");
	folds_to("abcdefghabcdefgh", "2(abcdefgh)");
}

static void test_a_failure_is_not_folded_away(void **state)
{
	(void)state;
	folds_to("aaAa", "2(a)aa");
}

/* --- symbols -------------------------------------------------------- */

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
		cmocka_unit_test(test_pointers_are_numbered),
		cmocka_unit_test(test_end_of_an_object_is_its_own),
		cmocka_unit_test(test_retired_object_gets_a_new_number),
		cmocka_unit_test(test_integers_have_their_width),
		cmocka_unit_test(test_results_name_errors),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_syndromes),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_repetitions_fold),
		cmocka_unit_test(test_a_failure_is_not_folded_away),
		cmocka_unit_test(test_suffixes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
