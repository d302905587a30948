// SPDX-License-Identifier: MIT
/* Unit tests of compare/claim_*.h: which calls a path means, and what is
 * true of them. */
#include "unit.h"
#include "base/buf.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/called_names.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_true.h"
#include "unit_capture.h"

static const char lines[] =
	"@ioctl(3:vm, KVM_A, 0) {\n"			/* 5 */
	"  a(vcpu=vcpu#0, flags=0) {\n"			/* 6 */
	"    b(x=1, y=f(2, 3)) = 0\n"			/* 7 */
	"    ~inl() {\n"				/* 8 */
	"      b(x=2) = -EINVAL\n"			/* 9 */
	"    }\n"
	"    ?hid() {\n"				/* 11 */
	"      ~inl() {\n"				/* 12 */
	"        !ev(n=1)\n"				/* 13 */
	"      }\n"
	"    }\n"
	"  } = 1\n"
	"  c() never returned\n"			/* 17 */
	"} = 0\n"
	"@ioctl(3:vm, KVM_B, 0) {\n"			/* 19 */
	"  a(vcpu=vcpu#1, flags=0) {\n"			/* 20 */
	"    a(vcpu=vcpu#1, flags=4) {\n"		/* 21 */
	"      b(x=3, s=\"p, q\") = 0\n"		/* 22 */
	"    } = 2\n"
	"  } = 1\n"
	"} = -EFAULT\n"
	"@ioctl(3:vm, KVM_C, 0) {\n"			/* 26 */
	"  d() {\n"					/* 27 */
	"    e() = 1\n"					/* 28 */
	"  }\n"
	"  d() {\n"					/* 30 */
	"    e() = 2\n"					/* 31 */
	"  }\n"
	"  d() {\n"					/* 33 */
	"    g() = 1\n"					/* 34 */
	"  }\n"
	"  e() = 1\n"					/* 36 */
	"} = 0\n"
	"thread 1\n"
	"@ioctl(3:vm, KVM_C, 0) = 0\n";			/* 39 */

static struct capture *capture;

static int read_lines(void **state)
{
	(void)state;
	capture = capture_of(lines);
	for (unsigned int i = 0; i < capture->threads; i++)
		tree_fold(&capture->thread[i].root);
	return 0;
}

static int free_lines(void **state)
{
	(void)state;
	capture_free(capture);
	return 0;
}

/* Returns the lines of the calls that PATH means in the whole capture: "7
 * 9". */
static char *found_by(const char *path)
{
	const struct claim_context in = { .capture = capture };
	struct claim *c = claim_parse(path);
	const struct node **found = claim_find(&in, &c->fact[0].path[0],
					       c->fact[0].path[0].steps);
	struct buf text = { 0 };

	buf_puts(&text, "");
	for (size_t i = 0; i < arrlenu(found); i++)
		buf_printf(&text, "%s%u", i ? " " : "", found[i]->line);
	arrfree(found);
	claim_free(c);
	return buf_take(&text);
}

#define MEANS(path, wanted)				\
	do {						\
		char *got_ = found_by(path);		\
		assert_string_equal(got_, wanted);	\
		free(got_);				\
	} while (0)

static bool holds(const char *text)
{
	const struct claim_context in = { .capture = capture };
	struct claim *c = claim_parse(text);
	const struct claim_fact *f = &c->fact[0];
	const struct node **found = claim_find(&in, &f->path[0],
					       f->path[0].steps);
	bool good = claim_is_true(&in, f, found);

	arrfree(found);
	claim_free(c);
	return good;
}

/* --- paths ---------------------------------------------------------- */

static void test_names(void **state)
{
	(void)state;
	MEANS("b", "7 9 22");
	MEANS("KVM_A", "5");
	MEANS("ioctl", "5 19 26 39");
	MEANS("KVM_*", "5 19 26 39");
	MEANS("*_A", "5");
	MEANS("K*M*B", "19");
	MEANS("nothing", "");
	MEANS("bb", "");
	MEANS("b*", "7 9 22");
}

static void test_kinds(void **state)
{
	(void)state;
	MEANS("@a", "");
	MEANS("!ev", "13");
	MEANS("~inl", "8 12");
	MEANS("?inl", "");
	MEANS("?hid", "11");
	MEANS("inl", "8 12");
	/* a level is no call, unless the path names it */
	MEANS("KVM_A >> a > *", "7 9 13");
	MEANS("KVM_A >> a > ~*", "8 12");
}

static void test_steps(void **state)
{
	(void)state;
	MEANS("a > b", "7 9 22");
	MEANS("KVM_B > b", "");
	MEANS("KVM_B >> b", "22");
	MEANS("a > a", "21");
	MEANS("a > a > b", "22");
	/* below two that match, but found once */
	MEANS("a >> b", "7 9 22");
	MEANS("KVM_C > e", "36");
	MEANS("KVM_C >> e", "28 31 36");
	/* a level on the way is no step */
	MEANS("a > ev", "13");
}

static void test_ranges(void **state)
{
	(void)state;
	MEANS("b#1", "7");
	MEANS("b#2", "9");
	MEANS("b#2..3", "9 22");
	MEANS("b#4", "");
	MEANS("b#last", "22");
	/* the count begins again below each call */
	MEANS("d > e#1", "28 31");
	MEANS("d#2 > e", "31");
	MEANS("ioctl > a#last", "6 20");
	MEANS("a >> b#1", "7 22");
	/* ... even below a call inside another one that matches */
	MEANS("* >> e#1", "28 31");
	MEANS("KVM_C#last", "39");
}

static void test_arguments(void **state)
{
	(void)state;
	MEANS("b(1)", "7");
	MEANS("b(x=1)", "7");
	MEANS("b(y=1)", "");
	MEANS("b(y=f(2, 3))", "7");
	MEANS("b(x=2, x=2)", "9");
	MEANS("b(x=1, x=2)", "");
	MEANS("b(s=\"*p, q*\")", "22");
	MEANS("b(q*)", "");
	MEANS("a(vcpu=vcpu#*)", "6 20 21");
	MEANS("a(flags=4)", "21");
	MEANS("a(flag=4)", "");
	MEANS("b(s=*)", "22");
	MEANS("ioctl(KVM_B)", "19");
}

static void test_results(void **state)
{
	(void)state;
	MEANS("b = 0", "7 22");
	MEANS("b = EINVAL", "9");
	MEANS("b = -EINVAL", "9");
	MEANS("b = *", "7 9 22");
	MEANS("c = *", "");
	/* the result does not affect the count */
	MEANS("b#2 = 0", "");
	MEANS("b#last = 0", "22");
}

/* --- facts ---------------------------------------------------------- */

static void test_counts(void **state)
{
	(void)state;
	assert_true(holds("b"));
	assert_false(holds("nothing"));
	assert_true(holds("nothing never"));
	assert_false(holds("b never"));
	assert_true(holds("c once"));
	assert_false(holds("b once"));
	assert_true(holds("b 3 times"));
	assert_false(holds("b 2 times"));
	assert_false(holds("b 4 times"));
	assert_true(holds("b at least 3 times"));
	assert_false(holds("b at least 4 times"));
	assert_true(holds("b at most 3 times"));
	assert_false(holds("b at most 2 times"));
	assert_true(holds("~inl twice"));
}

static void test_before(void **state)
{
	(void)state;
	assert_true(holds("KVM_A before KVM_B"));
	assert_false(holds("KVM_B before KVM_A"));
	assert_true(holds("b#1 before b#2"));
	assert_true(holds("d#1 before d#2 before d#3"));
	assert_false(holds("d#1 before d#3 before d#2"));
	/* nothing is before itself, nor before what it calls */
	assert_false(holds("b#1 before b#1"));
	assert_false(holds("a#1 before a#1"));
	assert_false(holds("a before b#1"));
	assert_false(holds("KVM_B before b#3"));
	assert_false(holds("b#3 before KVM_B"));
	/* all of the first, and the first of the second */
	assert_false(holds("b before c"));
	assert_true(holds("b before d"));
	assert_false(holds("d before e"));
	/* a call that never returned is before nothing */
	assert_false(holds("c before KVM_B"));
	/* and there is no order between threads */
	assert_true(holds("KVM_A before KVM_C#1"));
	assert_false(holds("KVM_A before KVM_C#2"));
	assert_false(holds("KVM_C#2 before KVM_A"));
	assert_false(holds("KVM_C before KVM_B"));
	assert_false(holds("nothing before b"));
	assert_false(holds("b before nothing"));
}

static void test_leaves(void **state)
{
	(void)state;
	assert_true(holds("b calls nothing"));
	assert_true(holds("KVM_C#2 calls nothing"));
	assert_false(holds("a calls nothing"));
	assert_false(holds("d calls nothing"));
	/* a level calls what is inside it */
	assert_false(holds("~inl calls nothing"));
	assert_false(holds("?hid calls nothing"));
	assert_false(holds("nothing calls nothing"));
}

static void test_results_of_all(void **state)
{
	(void)state;
	assert_true(holds("a#1 returns 1"));
	assert_false(holds("b returns 0"));
	assert_true(holds("b#2 returns EINVAL"));
	assert_false(holds("c returns *"));
	assert_false(holds("nothing returns 0"));
}

static void test_alike(void **state)
{
	(void)state;
	assert_true(holds("d#1..2 alike"));
	assert_false(holds("d alike"));
	assert_false(holds("d#1 alike"));
	assert_false(holds("nothing alike"));
}

static void test_lines_of_a_call(void **state)
{
	const struct node *root = &capture->thread[0].root;

	(void)state;
	assert_int_equal(node_last_line(root->child[0]), 18);
	assert_int_equal(node_last_line(root->child[0]->child[1]), 17);
	assert_ptr_equal(node_root(root->child[0]->child[1]), root);
}

/* --- names that are like another ------------------------------------ */

/* Returns the name that kvt suggests for TEXT if calls have these NAMES, with
 * blanks between; "": none. */
static void suggests(const char *text, const char *names, const char *wanted)
{
	struct node *root = xcalloc(1, sizeof(*root));
	struct called_name *all = NULL;
	const struct called_name *like;
	char *copy = xstrdup(names), *save = NULL;

	for (char *name = strtok_r(copy, " ", &save); name;
	     name = strtok_r(NULL, " ", &save))
		node_add(root, NODE_CALL, name)->args = xstrdup("");
	called_names_add_below(&all, root, true);
	like = called_names_alike(all, text);
	assert_int_equal(like ? like->length : 0, strlen(wanted));
	if (like)
		assert_memory_equal(like->text, wanted, like->length);
	called_names_free(&all);
	node_free(root);
	free(copy);
}

static void test_a_third_of_the_letters_may_differ(void **state)
{
	(void)state;
	suggests("kvm_create", "kvm_create", "kvm_create");
	suggests("kvm_craete", "kvm_create other", "kvm_create");
	/* three letters of nine may differ, but not four */
	suggests("abcdefghi", "abcdefxyz", "abcdefxyz");
	suggests("abcdefghi", "abcdewxyz", "");
	suggests("abcdefghi", "abcdefghixyz", "abcdefghixyz");
	suggests("abcdefghi", "abcdef", "abcdef");
	suggests("abcdefghi", "abcde", "");
	/* two of eight */
	suggests("abcdefgh", "abcdefxy", "abcdefxy");
	suggests("abcdefgh", "abcdexyz", "");
	suggests("ab", "ac", "");
	/* the nearest one, and the first of two */
	suggests("abcdefghi", "abcdefghx abcdefghi", "abcdefghi");
	suggests("abcdefghi", "abcdefghx abcdefghy", "abcdefghx");
}

static void test_names_too_long_are_not_compared(void **state)
{
	char longest[66];

	(void)state;
	memset(longest, 'x', 65);
	longest[65] = '\0';
	suggests(longest, longest, "");
	suggests("xxx", longest, "");
	longest[64] = '\0';
	suggests(longest, longest, longest);
}

static void test_names_are_counted_in_order(void **state)
{
	struct called_name *all = NULL;

	(void)state;
	called_names_add_below(&all, capture->thread[0].root.child[0]->child[0],
			       false);
	/* calls inside levels count, levels do not */
	assert_int_equal(HASH_COUNT(all), 2);
	assert_memory_equal(all->text, "b", 1);
	assert_int_equal(all->count, 2);
	assert_memory_equal(
		((struct called_name *)all->hh.next)->text, "ev", 2);
	called_names_free(&all);
	called_names_add_below(&all, &capture->thread[0].root, false);
	assert_int_equal(HASH_COUNT(all), 3);
	assert_int_equal(all->length, strlen("KVM_A"));
	assert_memory_equal(all->text, "KVM_A", all->length);
	called_names_free(&all);
	called_names_add_below(&all, &capture->thread[0].root, true);
	assert_int_equal(HASH_COUNT(all), 12);
	called_names_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_results_of_all),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_lines_of_a_call),
		cmocka_unit_test(test_a_third_of_the_letters_may_differ),
		cmocka_unit_test(test_names_too_long_are_not_compared),
		cmocka_unit_test(test_names_are_counted_in_order),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, read_lines, free_lines);
}
