// SPDX-License-Identifier: MIT
/* gaps/ways.c: what lies between two calls of a small graph. */

#include <stdbool.h>

#include "base/memory.h"
#include "gaps/ways.h"
#include "unit.h"

/* The gaps of the graph below. */
enum { SURE, BRANCH, OTHER, MOVED, GAPS };

static void add_stop(struct ways *w, const char *number, const char *name,
		     const char *kind, const char *place, const char *next)
{
	char *copy = xstrdup(next);

	assert_true(ways_add(w, number, name, kind, place, copy));
	free(copy);
}

/*
 * first() at 1, then SURE, then BRANCH or not, then second() at 2; or a call
 * through a pointer at 3, behind OTHER; MOVED comes at the end.
 */
static struct ways *graph(void)
{
	struct ways *w = ways_new(GAPS);

	add_stop(w, "0", "-", "enter", "-", "1 5 exit");
	add_stop(w, "1", "first", "call", "x.c:9 x.c:1", "2");
	add_stop(w, "2", "sure", "gap", "x.c:20", "3 4");
	add_stop(w, "3", "branch", "gap", "x.c:21", "4");
	add_stop(w, "4", "second", "call", "x.c:2", "7");
	add_stop(w, "5", "other", "gap", "x.c:22", "6");
	add_stop(w, "6", "-", "pointer", "x.c:3", "7");
	add_stop(w, "7", "moved", "part", "x.c:23", "exit");
	assert_true(ways_whole(w));
	ways_set_gap(w, SURE, "sure", "x.c:20");
	ways_set_gap(w, BRANCH, "branch", "x.c:21");
	ways_set_gap(w, OTHER, "other", "x.c:22");
	ways_set_gap(w, MOVED, "moved", "x.c:23");
	return w;
}

/* "SM.." of a window: sure, maybe, never, never. */
static const char *letters(struct ways *w, int from, int to)
{
	static char text[GAPS + 1];
	const unsigned char *c = ways_between(w, from, to);

	if (!c)
		return "no way";
	for (int i = 0; i < GAPS; i++)
		text[i] = ".MS"[c[i]];
	return text;
}

static void between_two_calls(void **state)
{
	struct ways *w = graph();
	int first = ways_calls(w, "first", "x.c:9 x.c:1");
	int second = ways_calls(w, "second", "x.c:2");
	int pointer = ways_calls(w, "anything", "x.c:3");

	(void)state;
	assert_string_equal(letters(w, first, second), "SM..");
	assert_string_equal(letters(w, second, first), "no way");
	assert_string_equal(letters(w, first, first), "no way");
	assert_string_equal(letters(w, WAYS_END, first), "....");
	assert_string_equal(letters(w, WAYS_END, pointer), "..S.");
	ways_free(w);
}

static void to_the_end(void **state)
{
	struct ways *w = graph();
	int first = ways_calls(w, "first", "x.c:9 x.c:1");
	int second = ways_calls(w, "second", "x.c:2");

	(void)state;
	/* A part of a gap that was moved may have run without it. */
	assert_string_equal(letters(w, second, WAYS_END), "...M");
	assert_string_equal(letters(w, first, WAYS_END), "no way");
	/* The function may return at once, or call through the pointer what
	 * no trace shows. */
	assert_string_equal(letters(w, WAYS_END, WAYS_END), "..MM");
	ways_free(w);
}

static void when_the_recording_ended(void **state)
{
	struct ways *w = graph();
	int first = ways_calls(w, "first", "x.c:9 x.c:1");

	(void)state;
	assert_string_equal(letters(w, first, WAYS_ANYWHERE), "MM..");
	assert_string_equal(letters(w, WAYS_END, WAYS_ANYWHERE), "..MM");
	ways_free(w);
}

static void how_a_call_is_found(void **state)
{
	struct ways *w = graph();
	int first = ways_calls(w, "first", "x.c:9 x.c:1");

	(void)state;
	assert_int_equal(ways_calls(w, "first", "x.c:9 x.c:1"), first);
	assert_string_equal(letters(w, ways_calls(w, "first.isra.0", "x.c:1"),
			    ways_calls(w, "second", "x.c:2")), "SM..");
	assert_string_equal(letters(w, ways_calls(w, "first", "y.c:7"),
			    ways_calls(w, "second", "x.c:2")), "SM..");
	assert_int_equal(ways_calls(w, "third", "x.c:1"), WAYS_ANYWHERE);
	assert_int_equal(ways_calls(w, "firs", "x.c:1"), WAYS_ANYWHERE);
	assert_int_equal(ways_calls(w, "firstly", "x.c:1"), WAYS_ANYWHERE);
	ways_free(w);
}

static void a_loop_comes_by_again(void **state)
{
	struct ways *w = ways_new(1);
	int call;

	(void)state;
	add_stop(w, "0", "-", "enter", "-", "1");
	add_stop(w, "1", "round", "call", "x.c:1", "2");
	add_stop(w, "2", "gap", "gap", "x.c:2", "1 exit");
	ways_set_gap(w, 0, "gap", "x.c:2");
	call = ways_calls(w, "round", "x.c:1");
	assert_int_equal(ways_between(w, WAYS_END, call)[0], NEVER);
	assert_int_equal(ways_between(w, call, call)[0], SURELY);
	assert_int_equal(ways_between(w, call, WAYS_END)[0], SURELY);
	assert_null(ways_between(w, WAYS_END, WAYS_END));
	ways_free(w);
}

static void of_two_calls_the_one_at_that_place(void **state)
{
	struct ways *w = ways_new(2);

	(void)state;
	add_stop(w, "0", "-", "enter", "-", "1 3");
	add_stop(w, "1", "one", "call", "x.c:1", "2");
	add_stop(w, "2", "near", "gap", "x.c:2", "exit");
	add_stop(w, "3", "one", "call", "x.c:3", "4");
	add_stop(w, "4", "far", "gap", "x.c:4", "exit");
	ways_set_gap(w, 0, "near", "x.c:2");
	ways_set_gap(w, 1, "far", "x.c:4");
	assert_int_equal(ways_between(w, ways_calls(w, "one", "x.c:1"),
				      WAYS_END)[1], NEVER);
	assert_int_equal(ways_between(w, ways_calls(w, "one", "x.c:3"),
				      WAYS_END)[0], NEVER);
	assert_int_equal(ways_between(w, ways_calls(w, "one", "x.c:3"),
				      WAYS_END)[1], SURELY);
	/* At no known place: it may be either. */
	assert_int_equal(ways_between(w, ways_calls(w, "one", "y.c:9"),
				      WAYS_END)[1], MAYBE);
	ways_free(w);
}

static void a_switch_leads_anywhere(void **state)
{
	struct ways *w = ways_new(1);
	int call;

	(void)state;
	add_stop(w, "0", "-", "enter", "-", "1");
	add_stop(w, "1", "-", "switch", "-", "*");
	add_stop(w, "2", "gap", "gap", "x.c:2", "3");
	add_stop(w, "3", "one", "call", "x.c:1", "exit");
	ways_set_gap(w, 0, "gap", "x.c:2");
	call = ways_calls(w, "one", "x.c:1");
	assert_int_equal(ways_between(w, WAYS_END, call)[0], MAYBE);
	assert_int_equal(ways_between(w, WAYS_END, WAYS_END)[0], NEVER);
	assert_int_equal(ways_between(w, call, WAYS_END)[0], NEVER);
	ways_free(w);
}

static bool refuses(const char *number, const char *kind, const char *next)
{
	struct ways *w = ways_new(0);
	char *copy = xstrdup(next);
	bool bad;

	add_stop(w, "0", "-", "enter", "-", "exit");
	bad = !ways_add(w, number, "f", kind, "x.c:1", copy) || !ways_whole(w);
	free(copy);
	ways_free(w);
	return bad;
}

static void rows_that_are_none(void **state)
{
	(void)state;
	assert_false(refuses("1", "call", "0 exit"));
	assert_false(refuses("1", "call", "-"));
	assert_true(refuses("2", "call", "exit"));
	assert_true(refuses("1", "enter", "exit"));
	assert_true(refuses("1", "jump", "exit"));
	assert_true(refuses("1", "call", "2"));
	assert_true(refuses("1", "call", "x"));
	assert_true(refuses("1", "call", "0x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(between_two_calls),
		cmocka_unit_test(to_the_end),
		cmocka_unit_test(when_the_recording_ended),
		cmocka_unit_test(how_a_call_is_found),
		cmocka_unit_test(a_loop_comes_by_again),
		cmocka_unit_test(of_two_calls_the_one_at_that_place),
		cmocka_unit_test(a_switch_leads_anywhere),
		cmocka_unit_test(rows_that_are_none),
	};

	return RUN_UNIT_TESTS(tests);
}
