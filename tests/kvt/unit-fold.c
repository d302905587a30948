// SPDX-License-Identifier: MIT
/* Unit tests of capture/fold.h: which calls in a row become one. */
#include "unit.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repetitions_fold),
		cmocka_unit_test(test_a_failure_is_not_folded_away),
	};

	return RUN_UNIT_TESTS(tests);
}
