// SPDX-License-Identifier: MIT
/* Unit tests of compare/{unit,merge,merged,moves,diff_print}.h: what becomes
 * of the calls of two captures. */
#include "unit.h"
#include "base/buf.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/diff_print.h"
#include "compare/merge.h"
#include "compare/merged.h"
#include "compare/moves.h"
#include "compare/unit.h"
#include "unit_capture.h"

/* --- two captures in one line --------------------------------------- */

/* Adds the calls of TEXT below PARENT: "a b(c d) x*3" has a, b that calls c
 * and d, and three x; a capital is a failed call.  Returns what is left. */
static const char *add_calls(struct node *parent, const char *text)
{
	while (*text && *text != ')') {
		char name[2] = { *text | 0x20 };
		bool failed = !(*text & 0x20);
		const char *inside = text[1] == '(' ? text + 2 : NULL;
		const char *end = text + 1;
		int times = 1;

		if (inside) {
			struct node *trial = xcalloc(1, sizeof(*trial));

			end = add_calls(trial, inside) + 1;
			node_free(trial);
		}
		if (*end == '*')
			times = strtol(end + 1, (char **)&end, 10);
		while (times--) {
			struct node *n = node_add(parent, NODE_CALL, name);

			n->args = xstrdup("");
			n->result = failed ? xstrdup("-EBUSY") : NULL;
			if (inside)
				add_calls(n, inside);
		}
		text = end + strspn(end, " ");
	}
	return text;
}

static unsigned int number_lines(struct node *n, unsigned int line)
{
	for (unsigned int i = 0; i < n->children; i++) {
		n->child[i]->line = ++line;
		line = number_lines(n->child[i], line);
	}
	return line;
}

static struct node *tree(const char *text)
{
	struct node *root = xcalloc(1, sizeof(*root));

	add_calls(root, text);
	number_lines(root, 0);
	tree_fold(root);
	return root;
}

static void put_merged_times(struct buf *out, const unsigned int times[2])
{
	if (times[0] > 1 || times[1] > 1)
		buf_printf(out, "*%u|%u", times[0], times[1]);
}

/*
 * "=a -b +c ~d(...) !e": the same, only in A, only in B, changed, moved; what
 * differs only below has no sign.  Rows of the same stand in [].
 */
static void put_merged_tree(struct buf *out, const struct merged_call *m)
{
	for (unsigned int i = 0; i < arrlen(m->child); i++) {
		const struct merged_call *c = m->child[i];
		const struct node *n = c->of[0] ?: c->of[1];

		buf_puts(out, i ? " " : "");
		if (c->leader && c->group > 1) {
			buf_printf(out, "%u of", c->group);
			put_merged_times(out, c->rounds);
			buf_putc(out, ' ');
		}
		if (!n) {
			buf_putc(out, '[');
			put_merged_tree(out, c);
			buf_putc(out, ']');
			continue;
		}
		if (c->mark != BOTH)
			buf_putc(out, "= ~!-+"[c->mark]);
		buf_puts(out, n->name);
		put_merged_times(out, c->times);
		if (!c->child)
			continue;
		buf_putc(out, '(');
		put_merged_tree(out, c);
		buf_putc(out, ')');
	}
}

static void merges(const char *a, const char *b, const char *wanted)
{
	struct node *x = tree(a), *y = tree(b);
	struct merged_call root = { .mark = BOTH };
	struct buf text = { 0 };

	merge_trees(&root, x, y, false);
	mark_moves(&root, x, y);
	buf_puts(&text, "");
	put_merged_tree(&text, &root);
	assert_string_equal(text.text, wanted);
	buf_free(&text);
	merged_free(&root);
	node_free(x);
	node_free(y);
}

/* --- merging -------------------------------------------------------- */

static void test_the_same_is_a_row(void **state)
{
	(void)state;
	merges("", "", "");
	merges("a b", "a b", "[=a =b]");
	merges("a(x) b", "a(x) b", "[=a =b]");
	merges("a b c", "a c", "[=a] -b [=c]");
	merges("a c", "a b c", "[=a] +b [=c]");
	merges("a*3", "a*3", "[=a*3|3]");
}

static void test_what_differs_below_or_itself(void **state)
{
	(void)state;
	merges("a(x)", "a(x y)", "a([=x] +y)");
	merges("a", "A", "~a");
	merges("a", "a(x)", "a(+x)");
	merges("a(b(x y))", "a(b(x z))", "a(b([=x] -y +z))");
	merges("a*2", "a*5", "~a*2|5");
	merges("a(x)", "A(x y)", "~a([=x] +y)");
}

static void test_what_only_one_has_is_there_with_all_below(void **state)
{
	(void)state;
	merges("", "a(b(c) d)", "+a(+b(+c) +d)");
	merges("a(b*2)*3", "", "-a*3|0(-b*2|0)");
	merges("", "a b a b", "2 of*0|2 +a +b");
}

static void test_groups(void **state)
{
	(void)state;
	merges("a b a b", "a b a b", "[=a*2|2 =b*2|2]");
	merges("a b a b", "a b a b a b", "2 of*2|3 [=a] [=b]");
	/* a group in one is a group in the other, even if it comes once */
	merges("a b", "a b a b", "2 of*1|2 [=a] [=b]");
	merges("a b a b", "a b", "2 of*2|1 [=a] [=b]");
	merges("x a b y", "x a b a b y", "[=x] 2 of*1|2 [=a] [=b] [=y]");
	/* but not a part of it, nor one with other calls in between */
	merges("a", "a b a b", "-a 2 of*0|2 +a +b");
	merges("a c b", "a b a b", "-a -c -b 2 of*0|2 +a +b");
}

/* Counts the calls in the units that remain of TEXT next to OTHER. */
static void regroups(const char *text, const char *other, const char *wanted)
{
	struct node *x = tree(text), *y = tree(other);
	struct unit *u = units_of(x->child, x->children, false);
	struct unit *v = units_of(y->child, y->children, false);
	struct buf sizes = { 0 };

	units_regroup(u, v);
	buf_puts(&sizes, "");
	for (size_t i = 0; i < arrlenu(u); i++)
		buf_printf(&sizes, "%u", u[i].size);
	assert_string_equal(sizes.text, wanted);
	buf_free(&sizes);
	arrfree(u);
	arrfree(v);
	node_free(x);
	node_free(y);
}

static void test_rounds_are_taken_from_left_to_right(void **state)
{
	(void)state;
	regroups("a b x a b", "a b a b", "212");
	regroups("a b c d", "a b a b c d c d", "22");
	/* a b c: the first group takes b */
	regroups("a b c", "a b a b x b c b c", "21");
	regroups("a b c", "b c b c x a b a b", "12");
	/* a later round of a group without its first one */
	regroups("a b c x b c", "a b a b x b c b c", "2112");
	regroups("a b*2", "a b a b", "11");
	regroups("a b", "c d c d", "11");
	regroups("a", "a b a b", "1");
	regroups("", "a b a b", "");
}

/* --- moves ---------------------------------------------------------- */

static void test_siblings_change_places(void **state)
{
	(void)state;
	merges("a b", "b a", "!a [=b] !a");
	merges("a(x) b c", "b c a(x)", "!a [=b =c] !a");
	/* they differ if their children differ */
	merges("a(x) b c d", "b c d a(y)", "-a(-x) [=b =c =d] +a(+y)");
	/* several, each with its own */
	merges("a b c d e f", "c d e f b a",
	       "!a !b [=c =d =e =f] !b !a");
}

static void test_a_move_comes_as_often(void **state)
{
	(void)state;
	merges("a*2 b c", "b c a*2", "!a*2|0 [=b =c] !a*0|2");
	merges("a*2 b c", "b c a*3", "-a*2|0 [=b =c] +a*0|3");
	/* one with the same count, although another comes first */
	merges("a*2 b c", "b a*3 c a*2", "!a*2|0 [=b] +a*0|3 [=c] !a*0|2");
}

static void test_a_move_to_another_caller(void **state)
{
	(void)state;
	merges("a(x y) b(z)", "a(y) b(x z)",
	       "a(!x [=y]) b(!x [=z])");
	/* a call that one side has twice could be either */
	merges("a(x y) b(z) c(x)", "a(y) b(x z) c(x)",
	       "a(-x [=y]) b(+x [=z]) [=c]");
	merges("a(x*2 y) b(z)", "a(y) b(x*2 z)",
	       "a(-x*2|0 [=y]) b(+x*0|2 [=z])");
	/* and a moved call takes its children along */
	merges("a(x(p q) y) b(z)", "a(y) b(x(p q) z)",
	       "a(!x [=y]) b(!x [=z])");
}

/* --- lines ---------------------------------------------------------- */

static struct node *call_with(struct node *root, const char *args,
			      const char *result)
{
	struct node *n = node_add(root, NODE_CALL, "f");

	n->args = xstrdup(args);
	n->result = result ? xstrdup(result) : NULL;
	return n;
}

/* Returns what a line shows for a call with these arguments in A and in B. */
static void line_says(const char *a, const char *x, const char *b,
		      const char *y, bool args, const char *wanted)
{
	struct node *root = xcalloc(1, sizeof(*root));
	const struct merged_call m = {
		.of = { call_with(root, a, x), call_with(root, b, y) },
	};
	struct merged_line line = merged_line(&m, args);
	char *text = xasprintf("(%s) = %s", line.n.args,
			       line.n.result ?: "");

	assert_string_equal(text, wanted);
	free(text);
	merged_line_free(&line);
	node_free(root);
}

static void test_both_values_stand_in_a_line(void **state)
{
	(void)state;
	line_says("x=1", "0", "x=2", "0", false, "(x=1) = 0");
	line_says("x=1", "0", "x=2", "0", true, "(x=1 | 2) = 0");
	line_says("x=1, y=3", "0", "x=1, y=4", "0", true, "(x=1, y=3 | 4) = 0");
	line_says("x=1", "0", "x=1, y=4", "0", true, "(x=1,nothing | 4) = 0");
	line_says("x=1, 7", "0", "x=1", "0", true, "(x=1, 7 | nothing) = 0");
	line_says("v=vcpu#0", "0", "v=vcpu#1", "0", true, "(v=vcpu#0) = 0");
	line_says("", "0", "", "1", false, "() = 0");
	line_says("", "0", "", "1", true, "() = 0 | 1");
	line_says("", "0", "", "-EBUSY", false, "() = 0 | -EBUSY");
	line_says("", NULL, "", "-EBUSY", false, "() = nothing | -EBUSY");
}

/* --- counting ------------------------------------------------------- */

static void counts(const char *a, const char *b, unsigned long changed,
		   unsigned long moved, unsigned long only_a,
		   unsigned long only_b)
{
	struct node *x = tree(a), *y = tree(b);
	struct merged_thread thread = { .root = { .mark = BOTH } };
	struct diff d = { .args = false };

	merge_trees(&thread.root, x, y, false);
	mark_moves(&thread.root, x, y);
	arrput(d.thread, thread);
	assert_int_equal(diff_count(&d), changed || moved || only_a || only_b);
	assert_int_equal(d.calls[CHANGED], changed);
	assert_int_equal(d.calls[MOVED], moved);
	assert_int_equal(d.calls[ONLY_A], only_a);
	assert_int_equal(d.calls[ONLY_B], only_b);
	merged_free(&d.thread[0].root);
	arrfree(d.thread);
	node_free(x);
	node_free(y);
}

static void test_calls_are_counted_as_often_as_they_come(void **state)
{
	(void)state;
	counts("a b", "a b", 0, 0, 0, 0);
	counts("a(b*2)*3", "", 0, 0, 9, 0);
	counts("", "a(b*2)*3", 0, 0, 0, 9);
	counts("a b", "b a", 0, 1, 0, 0);
	counts("a*2", "a*3", 1, 0, 0, 0);
	counts("a b a b", "a b a b a b", 1, 0, 0, 0);
	counts("", "a b a b", 0, 0, 0, 4);
	/* in every one of the rounds */
	counts("a(x) b a(x) b", "a(x y) b a(x y) b", 0, 0, 0, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_is_a_row),
		cmocka_unit_test(test_what_differs_below_or_itself),
		cmocka_unit_test(
			test_what_only_one_has_is_there_with_all_below),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_rounds_are_taken_from_left_to_right),
		cmocka_unit_test(test_siblings_change_places),
		cmocka_unit_test(test_a_move_comes_as_often),
		cmocka_unit_test(test_a_move_to_another_caller),
		cmocka_unit_test(test_both_values_stand_in_a_line),
		cmocka_unit_test(test_calls_are_counted_as_often_as_they_come),
	};

	return RUN_UNIT_TESTS(tests);
}
