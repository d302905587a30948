// SPDX-License-Identifier: MIT
/* Unit tests of capture/rows.h: which calls are written once. */
#include "unit.h"
#include "base/buf.h"
#include "capture/capture.h"
#include "capture/write.h"

static const char *write_calls(struct call_writer *w, const char *text);

/* Writes the call that begins TEXT; returns what follows it. */
static const char *write_call(struct call_writer *w, const char *text)
{
	char name[2] = { *text | 0x20 };
	struct node n = { .name = name, .args = "" };

	if (!(*text++ & 0x20))
		n.result = "1";
	call_begins(w, &n);
	if (*text == '(')
		text = write_calls(w, text + 1) + 1;
	call_ends(w, &n);
	return text;
}

/* Writes calls with a letter as a name: "a(3bc)" has three of b and one of c
 * in it, and a capital has a result. */
static const char *write_calls(struct call_writer *w, const char *text)
{
	while (*text && *text != ')') {
		char *call;
		long times = strtol(text, &call, 10);

		do
			text = write_call(w, call);
		while (--times > 0);
	}
	return text;
}

static void rows_of(struct buf *out, const char *calls)
{
	struct call_writer w = { .rows.out = out };

	write_calls(&w, calls);
	call_writer_free(&w);
}

static void test_eight_are_a_row(void **state)
{
	(void)state;
	APPENDS(rows_of(out, "a(2b)"), "a() {\n  b()\n  b()\n}\n");
	APPENDS(rows_of(out, "a(7b)"), "a() {\n  b()\n  b()\n  b()\n  b()\n"
		"  b()\n  b()\n  b()\n}\n");
	APPENDS(rows_of(out, "a(8b)"), "a() {\n  8 times b()\n}\n");
	APPENDS(rows_of(out, "a(512b)"), "a() {\n  512 times b()\n}\n");
}

static void test_a_row_has_calls_around_it(void **state)
{
	(void)state;
	APPENDS(rows_of(out, "a(c9bd)e"),
		"a() {\n  c()\n  9 times b()\n  d()\n}\ne()\n");
	APPENDS(rows_of(out, "a(8b9c)"),
		"a() {\n  8 times b()\n  9 times c()\n}\n");
	APPENDS(rows_of(out, "a(8b)a(8b)"), "a() {\n  8 times b()\n}\n"
		"a() {\n  8 times b()\n}\n");
	/* a row ends with the call around it */
	APPENDS(rows_of(out, "a(b(4c)b(4c))"), "a() {\n  b() {\n    c()\n"
		"    c()\n    c()\n    c()\n  }\n  b() {\n    c()\n    c()\n"
		"    c()\n    c()\n  }\n}\n");
}

static void test_calls_of_a_row_are_the_same(void **state)
{
	(void)state;
	APPENDS(rows_of(out, "a(7bB8b)"), "a() {\n  b()\n  b()\n  b()\n"
		"  b()\n  b()\n  b()\n  b()\n  b() = 1\n  8 times b()\n}\n");
	APPENDS(rows_of(out, "a(8b(c)b(d))"), "a() {\n  8 times b() {\n"
		"    c()\n  }\n  b() {\n    d()\n  }\n}\n");
}

static void test_rows_stand_in_rows(void **state)
{
	(void)state;
	APPENDS(rows_of(out, "a(20B(10c)d)"), "a() {\n  20 times b() {\n"
		"    10 times c()\n  } = 1\n  d()\n}\n");
	APPENDS(rows_of(out, "a(b(9c)8b(8c))"), "a() {\n  b() {\n"
		"    9 times c()\n  }\n  8 times b() {\n    8 times c()\n"
		"  }\n}\n");
}

static void test_outermost_calls_are_no_row(void **state)
{
	(void)state;
	APPENDS(rows_of(out, "9a"), "a()\na()\na()\na()\na()\na()\na()\na()\n"
		"a()\n");
}

static void all_of(struct buf *out, const char *calls)
{
	struct call_writer w = { .rows = { .out = out, .unfold = true } };

	write_calls(&w, calls);
	call_writer_free(&w);
}

static void test_unfolded_there_is_none(void **state)
{
	(void)state;
	APPENDS(all_of(out, "a(8b)"), "a() {\n  b()\n  b()\n  b()\n  b()\n"
		"  b()\n  b()\n  b()\n  b()\n}\n");
}

/* Writes a call with two rows of 20 b, and between them a call whose
 * arguments are SIZE bytes. */
static void write_around(struct buf *out, size_t size)
{
	struct call_writer w = { .rows.out = out };
	char *args = calloc(1, size + 1);
	struct node outer = { .name = "a", .args = "" };
	struct node large = { .name = "c", .args = args };

	memset(args, '0', size);
	call_begins(&w, &outer);
	write_calls(&w, "20b");
	call_begins(&w, &large);
	call_ends(&w, &large);
	write_calls(&w, "20b");
	call_ends(&w, &outer);
	call_writer_free(&w);
	free(args);
}

/* Reads "  b()" lines and the row behind them at the end of TEXT; returns how
 * many there are before the row. */
static unsigned int before_row(const char *text)
{
	static const char line[] = "  b()\n";
	char row[64];
	unsigned int alone = 0;

	for (; !strncmp(text, line, strlen(line)); text += strlen(line))
		alone++;
	snprintf(row, sizeof(row), "  %u times b()\n}\n", 20 - alone);
	assert_string_equal(text, row);
	return alone;
}

/* What was let go is not folded with what follows, and nothing is lost. */
static void test_what_was_let_go_is_folded_no_more(void **state)
{
	static const char start[] = "a() {\n  20 times b()\n  c(0";
	unsigned int most = 0;

	(void)state;
	for (int more = -400; more <= 40; more++) {
		struct buf out = { 0 };
		unsigned int alone;

		write_around(&out, ROWS_HELD + more);
		assert_memory_equal(out.text, start, strlen(start));
		alone = before_row(strchr(out.text + strlen(start), '\n') + 1);
		assert_true(alone < ROWS_LEAST);
		most = alone > most ? alone : most;
		buf_free(&out);
	}
	assert_int_equal(most, ROWS_LEAST - 1);
}

/* Text is held up to a limit, whatever the outermost call is. */
static void test_what_is_held_has_a_bound(void **state)
{
	struct buf out = { 0 };
	struct call_writer w = { .rows.out = &out };
	struct node outer = { .name = "a", .args = "" };

	(void)state;
	call_begins(&w, &outer);
	for (int i = 0; i < 100000; i++) {
		write_calls(&w, "bcd");
		assert_true(w.rows.held.size <= ROWS_HELD);
	}
	assert_true(out.size > 1000000);
	/* a row is held as its first call */
	write_calls(&w, "8e");
	for (int i = 0; i < 100000; i++) {
		size_t before = out.size;

		write_calls(&w, "e");
		assert_int_equal(out.size, before);
	}
	call_ends(&w, &outer);
	assert_non_null(strstr(out.text, "\n  100008 times e()\n}\n"));
	call_writer_free(&w);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eight_are_a_row),
		cmocka_unit_test(test_a_row_has_calls_around_it),
		cmocka_unit_test(test_calls_of_a_row_are_the_same),
		cmocka_unit_test(test_rows_stand_in_rows),
		cmocka_unit_test(test_outermost_calls_are_no_row),
		cmocka_unit_test(test_unfolded_there_is_none),
		cmocka_unit_test(test_what_was_let_go_is_folded_no_more),
		cmocka_unit_test(test_what_is_held_has_a_bound),
	};

	return RUN_UNIT_TESTS(tests);
}
