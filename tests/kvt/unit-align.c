// SPDX-License-Identifier: MIT
/* Unit tests of compare/align.h: which units go together. */
#include "unit.h"
#include "base/buf.h"
#include "base/vec.h"
#include "compare/align.h"

/*
 * Makes a unit of each letter of TEXT.  A capital and a small letter have the
 * same name, but different children; "a2" comes twice, and [a] is a group.
 */
static struct unit *units(const char *text)
{
	struct unit *all = NULL;

	for (const char *p = text; *p; p++) {
		struct unit u = { .size = 1, .times = 1, .has_names = true };

		if (*p == '[') {
			u.size = 2;
			p++;
		}
		u.shape = *p;
		u.key = *p | 0x20;
		if (u.size == 2)
			p++;
		if (p[1] >= '0' && p[1] <= '9')
			u.times = *++p - '0';
		arrput(all, u);
	}
	return all;
}

/* Describes an alignment: "aa b- -c". */
static char *alignment(const char *a, const char *b)
{
	struct unit *u = units(a), *v = units(b);
	struct aligned *all = align(u, v);
	struct buf text = { 0 };

	for (size_t i = 0; i < arrlenu(all); i++) {
		buf_puts(&text, i ? " " : "");
		buf_putc(&text, all[i].a < 0 ? '-' : (char)u[all[i].a].shape);
		buf_putc(&text, all[i].b < 0 ? '-' : (char)v[all[i].b].shape);
	}
	arrfree(all);
	arrfree(u);
	arrfree(v);
	return buf_take(&text);
}

#define ALIGNS(a, b, wanted)				\
	do {						\
		char *got_ = alignment(a, b);		\
		assert_string_equal(got_, wanted);	\
		free(got_);				\
	} while (0)

static void test_short_rows(void **state)
{
	(void)state;
	ALIGNS("", "", "");
	ALIGNS("a", "", "a-");
	ALIGNS("", "ab", "-a -b");
	ALIGNS("abc", "abc", "aa bb cc");
	ALIGNS("abc", "ac", "aa b- cc");
	ALIGNS("ac", "abc", "aa -b cc");
	ALIGNS("abc", "axc", "aa b- -x cc");
	ALIGNS("ab", "ba", "a- bb -a");
	ALIGNS("aab", "ab", "aa a- bb");
}

static void test_a_call_with_the_same_name_goes_along(void **state)
{
	(void)state;
	ALIGNS("xay", "xAy", "xx aA yy");
	/* but an equal one is better */
	ALIGNS("xay", "xAay", "xx -A aa yy");
	ALIGNS("xAy", "xaAy", "xx -a AA yy");
	/* one with another count is nearly equal */
	ALIGNS("a2", "a3", "aa");
	ALIGNS("a2", "Aa3", "-A aa");
	ALIGNS("a2", "a3a2", "-a aa");
}

static void test_a_group_is_no_call(void **state)
{
	(void)state;
	ALIGNS("[a]", "a", "a- -a");
	ALIGNS("[a]", "[A]", "aA");
	ALIGNS("[a]", "[a]", "aa");
}

static void test_likeness_has_an_order(void **state)
{
	struct unit *u = units("aAa2b[a][A]");

	(void)state;
	assert_int_equal(unit_likeness(&u[0], &u[0]), UNIT_EQUAL);
	assert_int_equal(unit_likeness(&u[0], &u[2]), UNIT_OTHER_TIMES);
	assert_int_equal(unit_likeness(&u[0], &u[1]),
			 UNIT_SAME_CALL + UNIT_BELOW);
	assert_int_equal(unit_likeness(&u[0], &u[3]), UNIT_DIFFERENT);
	assert_int_equal(unit_likeness(&u[0], &u[4]), UNIT_DIFFERENT);
	assert_int_equal(unit_likeness(&u[4], &u[5]),
			 UNIT_SAME_GROUP + UNIT_BELOW);
	/* groups of two and of three that begin alike */
	u[5].size = 3;
	assert_int_equal(unit_likeness(&u[4], &u[5]),
			 UNIT_SAME_GROUP + UNIT_BELOW);
	/* other results, and one common name of four below each */
	u[1].result = 7;
	u[0].names = 0x7;
	u[1].names = 0xc;
	assert_int_equal(unit_likeness(&u[0], &u[1]),
			 UNIT_SAME_NAME + UNIT_BELOW / 4);
	arrfree(u);
}

/* --- long rows ------------------------------------------------------ */

static struct unit unit_numbered(uint64_t number)
{
	return (struct unit){
		.size = 1, .times = 1, .shape = number, .key = number,
		.has_names = true,
	};
}

/* Checks that all units appear once and in order; counts the pairs of equal
 * ones. */
static size_t check_alignment(struct unit *a, struct unit *b)
{
	struct aligned *all = align(a, b);
	size_t i = 0, j = 0, equal = 0;

	for (size_t k = 0; k < arrlenu(all); k++) {
		assert_true(all[k].a >= 0 || all[k].b >= 0);
		if (all[k].a >= 0)
			assert_int_equal(all[k].a, i++);
		if (all[k].b >= 0)
			assert_int_equal(all[k].b, j++);
		if (all[k].a >= 0 && all[k].b >= 0)
			equal += unit_likeness(&a[all[k].a], &b[all[k].b]) ==
				 UNIT_EQUAL;
	}
	assert_int_equal(i, arrlenu(a));
	assert_int_equal(j, arrlenu(b));
	arrfree(all);
	return equal;
}

enum { LONG = 5000 };

/* Changes every hundredth unit of B, far more than a table holds. */
static void test_what_both_have_once_is_found(void **state)
{
	struct unit *a = NULL, *b = NULL;

	(void)state;
	for (int i = 0; i < LONG; i++) {
		arrput(a, unit_numbered(i));
		arrput(b, unit_numbered(i % 100 == 50 ? LONG + i : i));
	}
	assert_int_equal(check_alignment(a, b), LONG - LONG / 100);
	arrfree(a);
	arrfree(b);
}

/* Moves a block: the longer part must stay in step. */
static void test_the_most_that_is_in_order_is_kept(void **state)
{
	struct unit *a = NULL, *b = NULL;

	(void)state;
	for (int i = 0; i < LONG; i++)
		arrput(a, unit_numbered(i));
	for (int i = 0; i < LONG; i++)
		arrput(b, unit_numbered((i + 2000) % LONG));
	assert_int_equal(check_alignment(a, b), LONG - 2000);
	assert_int_equal(check_alignment(b, a), LONG - 2000);
	arrfree(a);
	arrfree(b);
}

/* No unit appears only once, so the windows must do it: at each of the two
 * places they may lose as many calls as B has more. */
static void test_windows_find_the_step_again(void **state)
{
	struct unit *a = NULL, *b = NULL;

	(void)state;
	for (int i = 0; i < LONG; i++) {
		arrput(a, unit_numbered(i % 3));
		arrput(b, unit_numbered(i % 3));
		if (i == 1000 || i == 4000)	/* a few more in B */
			for (int k = 0; k < 7; k++)
				arrput(b, unit_numbered(9));
	}
	assert_in_range(check_alignment(a, b), LONG - 2 * 7, LONG);
	assert_in_range(check_alignment(b, a), LONG - 2 * 7, LONG);
	arrfree(a);
	arrfree(b);
}

/* A unit that A has once and B twice is no anchor. */
static void test_what_one_has_twice_is_no_anchor(void **state)
{
	struct unit *a = NULL, *b = NULL;

	(void)state;
	arrput(b, unit_numbered(7));
	for (int i = 0; i < LONG; i++) {
		arrput(a, unit_numbered(i % 3));
		arrput(b, unit_numbered(i % 3));
	}
	arrput(a, unit_numbered(7));
	arrput(b, unit_numbered(7));
	arrput(a, unit_numbered(8));
	arrput(b, unit_numbered(9));
	assert_in_range(check_alignment(a, b), LONG - 2, LONG + 1);
	assert_in_range(check_alignment(b, a), LONG - 2, LONG + 1);
	arrfree(a);
	arrfree(b);
}

static void test_nothing_in_common(void **state)
{
	struct unit *a = NULL, *b = NULL;

	(void)state;
	for (int i = 0; i < LONG; i++) {
		arrput(a, unit_numbered(i % 3));
		arrput(b, unit_numbered(i % 5 + 10));
	}
	assert_int_equal(check_alignment(a, b), 0);
	arrfree(a);
	arrfree(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_rows),
		cmocka_unit_test(test_a_call_with_the_same_name_goes_along),
		cmocka_unit_test(test_a_group_is_no_call),
		cmocka_unit_test(test_likeness_has_an_order),
		cmocka_unit_test(test_what_both_have_once_is_found),
		cmocka_unit_test(test_the_most_that_is_in_order_is_kept),
		cmocka_unit_test(test_windows_find_the_step_again),
		cmocka_unit_test(test_what_one_has_twice_is_no_anchor),
		cmocka_unit_test(test_nothing_in_common),
	};

	return RUN_UNIT_TESTS(tests);
}
