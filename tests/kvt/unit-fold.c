// SPDX-License-Identifier: MIT
/* Unit tests of capture/fold.h: which calls in a row become one. */
#include "unit.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"

/* Makes a root whose children have the letters of TEXT as names; a capital
 * fails. */
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

/* Returns what a view shows: "3(ab)c" is a and b three times, then c. */
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

static void test_periods_of_up_to_eight_fold(void **state)
{
	(void)state;
	folds_to("abcdefghiabcdefghi", "abcdefghiabcdefghi");
	/* the period that folds most wins, and of two the shorter */
	folds_to("aabaabaab", "3(aab)");
	folds_to("abababab", "4(ab)");
	folds_to("aaaaab", "5(a)b");
	folds_to("abab", "2(ab)");
	folds_to("aba", "aba");
}

/* --- what is part of a shape ---------------------------------------- */

static uint64_t hash_of(const char *text)
{
	return tree_hash_text(0, text);
}

static void test_numbers_of_objects_do_not_count(void **state)
{
	(void)state;
	assert_int_equal(hash_of("vcpu#0"), hash_of("vcpu#17"));
	assert_int_equal(hash_of("a=vcpu#0, b"), hash_of("a=vcpu#1, b"));
	assert_int_equal(hash_of("5:vcpu, KVM_RUN"), hash_of("12:vcpu, KVM_RUN"));
	assert_int_equal(hash_of("x, 5:vm"), hash_of("x, 6:vm"));
	assert_true(hash_of("vcpu#0") != hash_of("kvm#0"));
	assert_true(hash_of("x=5") != hash_of("x=6"));
	assert_true(hash_of("x 5") != hash_of("x 6"));
	assert_true(hash_of("x5:a") != hash_of("x6:a"));
	assert_true(hash_of("a") != hash_of("ab"));
}

static void test_a_place_in_a_page_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(hash_of("phys#0+0x20"), hash_of("phys#1+0xaf0"));
	assert_int_equal(hash_of("phys#0+0x20, 1"), hash_of("phys#1+0x9f, 1"));
	assert_int_equal(hash_of("p=phys#0+0x20"), hash_of("p=phys#1+0x30"));
	assert_int_equal(hash_of("phys#0"), hash_of("phys#0+0x1"));
	assert_true(hash_of("phys#0+0x2, 1") != hash_of("phys#0+0x2, 2"));
	assert_true(hash_of("phys#0+2") != hash_of("phys#0+3"));
	assert_true(hash_of("phys#0+0x2|3") != hash_of("phys#0+0x2|4"));
	/* it counts in any other object */
	assert_true(hash_of("vcpu#0+0x10") != hash_of("vcpu#0+0x20"));
	assert_true(hash_of("hys#0+0x1") != hash_of("hys#0+0x2"));
}

static void test_a_part_of_a_text_is_a_text(void **state)
{
	(void)state;
	assert_int_equal(tree_hash_part(0, "vcpu, 0", 4), hash_of("vcpu"));
	assert_int_equal(tree_hash_part(0, "phys#0+0x12", 9),
			 hash_of("phys#0+0x"));
	assert_int_equal(tree_hash_part(0, "5:vm", 1), hash_of("5"));
	assert_int_equal(tree_hash_part(0, "x", 0), hash_of(""));
}

static struct node *add_syscall(struct node *root, const char *args,
				const char *result)
{
	struct node *n = node_add(root, NODE_SYSCALL, "ioctl");

	n->args = xstrdup(args);
	n->result = xstrdup(result);
	return n;
}

static void test_what_tells_something(void **state)
{
	struct node *root = xcalloc(1, sizeof(*root)), *n;

	(void)state;
	n = add_syscall(root, "3:system, KVM_CREATE_VM, 0", "4:vm");
	assert_false(is_telling(n));
	n = add_syscall(root, "3:system, KVM_X, 0", "user#0");
	assert_false(is_telling(n));
	n = add_syscall(root, "3:system, KVM_X, 0", "1");
	assert_true(is_telling(n));
	n->kind = NODE_CALL;
	assert_false(is_telling(n));
	free(n->result);
	n->result = xstrdup("-ENOMEM");
	assert_true(is_telling(n));
	node_free(root);
}

static void test_the_request_of_an_ioctl(void **state)
{
	struct node *root = xcalloc(1, sizeof(*root)), *n;
	size_t length;

	(void)state;
	n = add_syscall(root, "3:system, KVM_CREATE_VM, 0", "4:vm");
	assert_memory_equal(request_of(n, &length), "KVM_CREATE_VM", 13);
	assert_int_equal(length, 13);
	n->kind = NODE_CALL;
	request_of(n, &length);
	assert_int_equal(length, 0);
	n = add_syscall(root, "3", "0");
	request_of(n, &length);
	assert_int_equal(length, 0);
	node_free(root);
}

/* --- by what -------------------------------------------------------- */

/* Folds two system calls with these arguments and places BY; returns how often
 * the first comes. */
static unsigned int times_of_two(const char *a, const char *at, const char *b,
				 const char *to, unsigned int by)
{
	struct node *root = xcalloc(1, sizeof(*root));
	struct node *n = add_syscall(root, a, "0"), *m;
	unsigned int times;

	n->place = at ? xstrdup(at) : NULL;
	m = add_syscall(root, b, "0");
	m->place = to ? xstrdup(to) : NULL;
	tree_fold_by(root, by);
	times = n->times;
	assert_int_equal(m->hidden, times == 2);
	assert_int_equal(m->leader, times == 1);
	node_free(root);
	return times;
}

static void test_arguments_count_if_asked_for(void **state)
{
	const char *a = "3:vm, KVM_X, 1", *b = "3:vm, KVM_X, 2";

	(void)state;
	assert_int_equal(times_of_two(a, NULL, b, NULL, 0), 2);
	assert_int_equal(times_of_two(a, NULL, b, NULL, FOLD_ARGS), 1);
	assert_int_equal(times_of_two(a, NULL, "4:vm, KVM_X, 1", NULL,
				      FOLD_ARGS), 2);
	assert_int_equal(times_of_two(a, NULL, "3:vm, KVM_Y, 1", NULL, 0), 1);
}

static void test_places_count_if_asked_for(void **state)
{
	const char *a = "3:vm, KVM_X, 1";

	(void)state;
	assert_int_equal(times_of_two(a, "a.c:1", a, "a.c:2", 0), 2);
	assert_int_equal(times_of_two(a, "a.c:1", a, "a.c:2", FOLD_PLACES), 1);
	assert_int_equal(times_of_two(a, "a.c:1", a, "a.c:1", FOLD_PLACES), 2);
	assert_int_equal(times_of_two(a, "a.c:1", a, NULL, FOLD_PLACES), 2);
}

static void test_folding_again_replaces_the_marks(void **state)
{
	struct node *root = row("aab");

	(void)state;
	root->child[1]->kind = NODE_EVENT;
	tree_fold(root);
	assert_int_equal(root->child[0]->times, 1);
	assert_false(root->child[1]->hidden);
	assert_true(root->child[1]->leader);
	root->child[1]->kind = NODE_CALL;
	tree_fold(root);
	assert_int_equal(root->child[0]->times, 2);
	assert_true(root->child[1]->hidden);
	assert_false(root->child[1]->leader);
	node_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repetitions_fold),
		cmocka_unit_test(test_a_failure_is_not_folded_away),
		cmocka_unit_test(test_periods_of_up_to_eight_fold),
		cmocka_unit_test(test_numbers_of_objects_do_not_count),
		cmocka_unit_test(test_a_place_in_a_page_does_not_count),
		cmocka_unit_test(test_a_part_of_a_text_is_a_text),
		cmocka_unit_test(test_what_tells_something),
		cmocka_unit_test(test_the_request_of_an_ioctl),
		cmocka_unit_test(test_arguments_count_if_asked_for),
		cmocka_unit_test(test_places_count_if_asked_for),
		cmocka_unit_test(test_folding_again_replaces_the_marks),
	};

	return RUN_UNIT_TESTS(tests);
}
