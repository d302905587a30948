// SPDX-License-Identifier: MIT
/* Unit tests of view/fragment: the parts are the whole. */
#include "unit.h"

#include "view/fragment.h"

/* A line of the program inside of an element, and as the first thing in it. */
static void write_lines(struct fragment *f)
{
	markup_open(&f->m, "b");
	fragment_program_line(f, "code/a&b.c:1", "a&b.c:1");
	markup_text(&f->m, "<");
	fragment_program_line(f, "c.c:2", "c.c:2");
	markup_close(&f->m);
}

static void test_printed(void **state)
{
	(void)state;
	WRITES({
		struct fragment f;

		fragment_print(&f, out);
		write_lines(&f);
		assert_null(fragment_end(&f));
	}, "<b><span class=\"loc\" data-at=\"code/a&amp;b.c:1\">a&amp;b.c:1"
	   "</span>&lt;<span class=\"loc\" data-at=\"c.c:2\">c.c:2</span></b>");
}

static void test_collected(void **state)
{
	(void)state;
	WRITES({
		struct fragment f;

		fragment_collect(&f);
		write_lines(&f);
		json_print(out, fragment_end(&f), JSON_LINE);
	}, "[\"<b>\",{\"at\":\"code/a&b.c:1\",\"text\":\"a&b.c:1\"},"
	   "\"&lt;\",{\"at\":\"c.c:2\",\"text\":\"c.c:2\"},\"</b>\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed),
		cmocka_unit_test(test_collected),
	};

	return RUN_UNIT_TESTS(tests);
}
