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

#include "../../tools/kvt/kvt.h"
#include "../../tools/kvt/names.h"

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
	assert_string_equal(cap_name(66), "KVM_CAP_MAX_VCPUS");
	assert_string_equal(syscall_name(29), "ioctl");
	assert_null(syscall_name(99999));
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
		cmocka_unit_test(test_repetitions_fold),
		cmocka_unit_test(test_a_failure_is_not_folded_away),
		cmocka_unit_test(test_suffixes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
