// SPDX-License-Identifier: MIT
/* Unit tests of reading captures: which lines kvt refuses, and that a stream
 * has the same calls as a tree. */
#include "unit.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "capture/arena.h"
#include "capture/capture.h"
#include "unit_capture.h"

#include <unistd.h>

static const char *lines;

static void read_lines(void)
{
	capture_free(capture_of(lines));
}

/* Checks the message, without "kvt: unit:" and the newline; "" if the lines
 * of a thread, from line 5 on, can be read. */
static void refuses(const char *text, const char *wanted)
{
	static const char before[] = "kvt: unit:";
	char *words;

	lines = text;
	words = output_of(read_lines);
	if (*words) {
		assert_memory_equal(words, before, strlen(before));
		words[strcspn(words, "\n")] = '\0';
		assert_string_equal(words + strlen(before), wanted);
		assert_int_equal(exit_code_of(read_lines), KVT_BAD_CAPTURE);
	} else {
		assert_string_equal("", wanted);
	}
	free(words);
}

static void test_calls_have_their_form(void **state)
{
	(void)state;
	refuses("f()\n", "");
	refuses("f() = 0\n", "");
	refuses("f() never returned\n", "");
	refuses("f() at a.c:1 = 0\n", "");
	refuses("f(x=(1), y) = (2)\n", "");
	refuses("f\n", "5: not a call: no 'name(...)'");
	refuses("()\n", "5: not a call: no 'name(...)'");
	refuses("f(()\n", "5: not a call: no 'name(...)'");
	refuses("f() =\n", "5: neither a result nor the end of the line");
	refuses("f() = \n", "5: neither a result nor the end of the line");
	refuses("f()) = 0\n", "5: neither a result nor the end of the line");
	refuses("f() at  = 0\n", "5: no place after 'at'");
	/* an event has neither a place nor children */
	refuses("!e() at a.c:1\n",
		"5: neither a result nor the end of the line");
	refuses("!e() {\n  f()\n}\n", "5: an event has nothing inside");
}

static void test_calls_nest(void **state)
{
	(void)state;
	refuses("f() {\n  g()\n}\n", "");
	refuses("f() {\n  g() {\n    h()\n  }\n} = 1\n", "");
	refuses("f() {\n}\n", "6: braces with nothing inside");
	refuses("}\n", "5: a call ends that did not begin");
	refuses("f() {\n  g()\n",
		"6: the capture ends inside a call");
	refuses("f() {\n g()\n}\n",
		"6: the indentation does not fit the calls around it");
	refuses("f() {\ng()\n}\n",
		"6: the indentation does not fit the calls around it");
	refuses("f() {\n    g()\n}\n",
		"6: the indentation does not fit the calls around it");
	refuses("f() {\n  g()\n  }\n",
		"7: the indentation does not fit the calls around it");
	refuses(" f()\n",
		"5: the indentation does not fit the calls around it");
}

static void test_levels_have_nothing_of_their_own(void **state)
{
	(void)state;
	refuses("~f() {\n  g()\n}\n", "");
	refuses("?f() at a.c:1 {\n  g()\n}\n", "");
	refuses("~f(x=1) {\n  g()\n}\n",
		"5: a level that was not recorded has arguments");
	refuses("~f()\n", "5: a level that was not recorded has nothing"
		" inside");
	refuses("?f() {\n  g()\n} = 0\n",
		"7: a level that was not recorded has a result");
}

static void test_threads_are_in_order(void **state)
{
	(void)state;
	refuses("f()\nthread 1\nf()\n", "");
	refuses("f()\nthread 12\nf()\nthread 999999999\nf()\n", "");
	refuses("f()\nthread 0\nf()\n",
		"6: a thread comes twice, or out of order");
	refuses("f()\nthread 2\nf()\nthread 1\nf()\n",
		"8: a thread comes twice, or out of order");
	refuses("f()\nthread 1\nthread 2\nf()\n",
		"7: the thread before has no calls");
	refuses("f()\nthread 1\n", "6: the thread before has no calls");
	refuses("f() {\nthread 1\n", "6: a thread begins inside a call");
	refuses("f()\nthread 01\nf()\n", "6: a thread without a number");
	refuses("f()\nthread x\nf()\n", "6: a thread without a number");
	refuses("f()\nthread 1000000000\nf()\n",
		"6: a thread without a number");
}

/* Makes DEPTH nested calls. */
static char *nested(int depth)
{
	struct buf text = { 0 };

	for (int i = 0; i < depth; i++)
		buf_printf(&text, "%*sf() {\n", 2 * i, "");
	buf_printf(&text, "%*sg()\n", 2 * depth, "");
	for (int i = depth; i--; )
		buf_printf(&text, "%*s}\n", 2 * i, "");
	return buf_take(&text);
}

static void test_calls_nest_a_thousand_deep(void **state)
{
	char *deep = nested(1000), *deeper = nested(1001);

	(void)state;
	refuses(deep, "");
	refuses(deeper, "1005: calls nested deeper than 1000");
	free(deep);
	free(deeper);
}

static void test_what_a_node_has(void **state)
{
	struct capture *c = capture_of("@a(1, b(2)) at x.c:3 {\n"
				       "  ~i() {\n    f(x=1) at y.c:4 = -EIO\n"
				       "  }\n  g() never returned\n} = 5\n"
				       "thread 3\nh()\n");
	const struct node *a = c->thread[0].root.child[0];
	const struct node *f = a->child[0]->child[0];

	(void)state;
	assert_int_equal(c->threads, 2);
	assert_int_equal(c->records, 4);
	assert_string_equal(c->thread[1].name, "3");
	assert_ptr_equal(c->thread[1].root.child[0]->parent,
			 &c->thread[1].root);
	assert_int_equal(a->kind, NODE_SYSCALL);
	assert_string_equal(a->name, "a");
	assert_string_equal(a->args, "1, b(2)");
	assert_string_equal(a->place, "x.c:3");
	assert_string_equal(a->result, "5");
	assert_int_equal(a->line, 5);
	assert_int_equal(a->children, 2);
	assert_true(a->child[1]->open);
	assert_null(a->child[1]->result);
	assert_string_equal(f->place, "y.c:4");
	assert_string_equal(f->result, "-EIO");
	assert_int_equal(f->line, 7);
	assert_ptr_equal(f->parent->parent, a);
	/* a level's children move up */
	tree_flatten(c);
	assert_ptr_equal(a->child[0], f);
	assert_ptr_equal(f->parent, a);
	assert_int_equal(a->children, 2);
	capture_free(c);
}

static void test_headers(void **state)
{
	struct capture *c = capture_of("f()\n");

	(void)state;
	assert_string_equal(capture_header(c, "mode"), "vhe");
	assert_null(capture_header(c, "mod"));
	assert_null(capture_header(c, "mode vhe"));
	assert_true(capture_has(c, "sites"));
	assert_false(capture_has(c, "site"));
	assert_false(capture_has(c, "args"));
	capture_free(c);
}

/* --- rows ----------------------------------------------------------- */

static void test_rows_have_their_form(void **state)
{
	static const char form[] = "6: not the number of calls in a row: no"
		" 'N times name(...)'";

	(void)state;
	refuses("f() {\n  1 times g()\n}\n", form);
	refuses("f() {\n  02 times g()\n}\n", form);
	refuses("f() {\n  2 g()\n}\n", form);
	refuses("f() {\n  2times g()\n}\n", form);
	refuses("f() {\n  1000000002 times g()\n}\n", form);
	refuses("f() {\n  2 times \n}\n", "6: not a call: no 'name(...)'");
	refuses("f() {\n  2 times 3 times g()\n}\n", form);
	refuses("2 times f()\n", "5: a row of calls outside of a call");
	refuses("f()\n2 times g() {\n  h()\n}\n",
		"6: a row of calls outside of a call");
	/* a row has as many calls as the end line counts, and no more */
	refuses("f() {\n  3 times g()\n}\n",
		"6: the row has more calls than the end line counts");
	refuses("f() {\n  3 times ~l() {\n    g()\n  }\n}\n",
		"8: the row has more calls than the end line counts");
}

/* Appends each call below N, with its line and what has to be around it. */
static void list_calls(struct buf *out, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		assert_ptr_equal(c->parent, n);
		buf_printf(out, "%s%u ", c->name, c->line);
		list_calls(out, c);
	}
}

static void reads_as(const char *folded, const char *unfolded)
{
	struct capture *c = capture_of(unfolded);
	struct capture *d = capture_with(c->records, folded);
	struct buf a = { 0 }, b = { 0 };

	list_calls(&a, &c->thread[0].root);
	list_calls(&b, &d->thread[0].root);
	assert_string_equal(a.text, b.text);
	buf_free(&a);
	buf_free(&b);
	capture_free(c);
	capture_free(d);
}

static void test_a_row_is_all_its_calls(void **state)
{
	(void)state;
	reads_as("f() {\n  3 times g(x) = 1\n  h()\n}\n",
		 "f() {\n  g(x) = 1\n  g(x) = 1\n  g(x) = 1\n  h()\n}\n");
	/* with what is inside, and a row in a row */
	reads_as("f() {\n  2 times ~l() {\n    2 times g()\n  }\n  h()\n"
		 "} = 0\nk()\n",
		 "f() {\n  ~l() {\n    g()\n    g()\n  }\n"
		 "  ~l() {\n    g()\n    g()\n  }\n  h()\n} = 0\nk()\n");
	reads_as("f() {\n  2 times g() {\n    h()\n  } = 1\n  2 times !e()\n}\n",
		 "f() {\n  g() {\n    h()\n  } = 1\n"
		 "  g() {\n    h()\n  } = 1\n  !e()\n  !e()\n}\n");
}

static void test_each_call_of_a_row_has_all_of_it(void **state)
{
	struct capture *c = capture_with(4, "f() {\n"
		"  3 times g(x=1) at y.c:4 = -EIO\n}\n");
	const struct node *f = c->thread[0].root.child[0];

	(void)state;
	assert_int_equal(f->children, 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_string_equal(f->child[i]->args, "x=1");
		assert_string_equal(f->child[i]->place, "y.c:4");
		assert_string_equal(f->child[i]->result, "-EIO");
		assert_int_equal(f->child[i]->times, 0);
	}
	capture_free(c);
}

/* --- streams -------------------------------------------------------- */

static void add_to_stream(void *data, const struct thread *t, struct node *n)
{
	buf_printf(data, "%s:%s/%u/%u ", t->name, n->name, n->children,
		   n->line);
}

static void test_a_stream_has_the_same_calls(void **state)
{
	static const char text[] =
		"kvt 1\nmode vhe\nthread 0\n@a() {\n  2 times f()\n} = 0\n"
		"!e()\nthread 4\n@b() = 0\n";
	char path[] = "/tmp/kvt-unit-XXXXXX", hex[65], *whole;
	struct buf got = { 0 };
	struct capture *c;

	(void)state;
	sha256_hex(text, strlen(text), hex);
	whole = xasprintf("%send 5 sha256:%s\n", text, hex);
	close(mkstemp(path));
	write_file(path, whole, strlen(whole));
	c = capture_stream(path);
	assert_true(c->stream);
	assert_int_equal(c->records, 5);
	assert_int_equal(c->threads, 2);
	assert_int_equal(c->thread[0].root.children, 0);
	assert_string_equal(capture_header(c, "mode"), "vhe");
	/* as often as one likes */
	for (int i = 0; i < 2; i++)
		capture_each(c, add_to_stream, &got);
	assert_string_equal(got.text, "0:a/2/4 0:e/0/8 4:b/0/10 "
			    "0:a/2/4 0:e/0/8 4:b/0/10 ");
	buf_free(&got);
	capture_free(c);
	unlink(path);
	free(whole);
}

/* --- arenas --------------------------------------------------------- */

static void test_an_arena_begins_again(void **state)
{
	struct arena a = { NULL };
	char *first = arena_take(&a, 3), *second = arena_take(&a, 1);

	(void)state;
	assert_int_equal((uintptr_t)first % 8, 0);
	assert_int_equal(second - first, 8);
	/* larger than any block */
	memset(arena_take(&a, 100 << 20), 1, 100 << 20);
	first = arena_take(&a, 8);
	arena_reset(&a);
	memset(arena_take(&a, 100 << 20), 2, 100 << 20);
	arena_reset(&a);
	second = arena_take(&a, 8);
	arena_reset(&a);
	assert_ptr_equal(arena_take(&a, 8), second);
	arena_free(&a);
	arena_free(&a);
	arena_reset(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_have_their_form),
		cmocka_unit_test(test_calls_nest),
		cmocka_unit_test(test_levels_have_nothing_of_their_own),
		cmocka_unit_test(test_threads_are_in_order),
		cmocka_unit_test(test_calls_nest_a_thousand_deep),
		cmocka_unit_test(test_what_a_node_has),
		cmocka_unit_test(test_rows_have_their_form),
		cmocka_unit_test(test_a_row_is_all_its_calls),
		cmocka_unit_test(test_each_call_of_a_row_has_all_of_it),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_a_stream_has_the_same_calls),
		cmocka_unit_test(test_an_arena_begins_again),
	};

	return RUN_UNIT_TESTS(tests);
}
