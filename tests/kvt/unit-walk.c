// SPDX-License-Identifier: MIT
/* Unit tests of capture/walk.h: what a view selects, and that a walk changes
 * nothing. */
#include "unit.h"
#include "base/buf.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "unit_capture.h"

static void put_thread(void *data, const struct thread *t)
{
	buf_printf(data, "T%s ", t->name);
}

static void put_group(void *data, const struct node *first, long depth)
{
	buf_printf(data, "%ld:%ux%u{", depth, first->times, first->group);
}

static void put_group_end(void *data, long depth)
{
	buf_printf(data, "}%ld ", depth);
}

static void put_enter(void *data, const struct node *n, long depth,
		      long level, unsigned int times, unsigned long below)
{
	buf_printf(data, "%ld/%ld:%s", depth, level, n->name);
	if (times != 1)
		buf_printf(data, "*%u", times);
	if (below)
		buf_printf(data, "+%lu", below);
	buf_puts(data, " ");
}

static void put_leave(void *data, const struct node *n, long depth)
{
	(void)n;
	(void)depth;
	buf_puts(data, ". ");
}

static const struct tree_ops ops = {
	put_thread, put_group, put_group_end, put_enter, put_leave,
};

static void walks(const struct capture *c, struct view view,
		  const char *wanted)
{
	struct buf text = { 0 };

	view.optional = true;
	buf_puts(&text, "");
	tree_walk(c, &view, &ops, &text);
	while (text.size && text.text[text.size - 1] == ' ')
		text.text[--text.size] = '\0';
	assert_string_equal(text.text, wanted);
	buf_free(&text);
}

static const char lines[] =
	"@ioctl(3:vm, KVM_A, 0) at x/p.c:1 {\n"
	"  a() {\n"
	"    ~i() {\n"
	"      b()\n"
	"    }\n"
	"    b()\n"
	"  }\n"
	"  c()\n"
	"} = 0\n"
	"@ioctl(3:vm, KVM_B, 0) at x/p.c:2 = 0\n"
	"@ioctl(3:vm, KVM_B, 0) at x/p.c:2 = 0\n"
	"@ioctl(3:vm, KVM_B, 0) at x/p.c:3 = 0\n";

static void test_a_tree_is_folded_if_prepared(void **state)
{
	struct capture *c = capture_of(lines);
	const struct view view = { .depth = 1 };

	(void)state;
	walks(c, view, "0/0:ioctl 1/1:a+2 . 1/1:c . . 0/0:ioctl ."
	      " 0/0:ioctl . 0/0:ioctl .");
	view_prepare(c, &view);
	walks(c, view, "0/0:ioctl 1/1:a+2 . 1/1:c . . 0/0:ioctl*2 ."
	      " 0/0:ioctl .");
	/* and again, as it was; or unfolded, though it is folded */
	walks(c, view, "0/0:ioctl 1/1:a+2 . 1/1:c . . 0/0:ioctl*2 ."
	      " 0/0:ioctl .");
	walks(c, (struct view){ .depth = 1, .unfold = true },
	      "0/0:ioctl 1/1:a+2 . 1/1:c . . 0/0:ioctl . 0/0:ioctl ."
	      " 0/0:ioctl .");
	walks(c, view, "0/0:ioctl 1/1:a+2 . 1/1:c . . 0/0:ioctl*2 ."
	      " 0/0:ioctl .");
	assert_true(c->thread[0].root.child[2]->hidden);
	capture_free(c);
}

static void test_groups_are_entered_and_left(void **state)
{
	struct capture *c = capture_of("@a() = 0\n@b() = 0\n@a() = 0\n"
				       "@b() = 0\n@c() = 0\n");
	const struct view view = { .depth = 0 };

	(void)state;
	view_prepare(c, &view);
	walks(c, view, "0:2x2{1/0:a . 1/0:b . }0 0/0:c .");
	walks(c, (struct view){ .unfold = true },
	      "0/0:a . 0/0:b . 0/0:a . 0/0:b . 0/0:c .");
	/* the first of a matched row says how often */
	walks(c, (struct view){ .syscall = "a" }, "0/0:a*2 .");
	walks(c, (struct view){ .syscall = "a", .unfold = true },
	      "0/0:a . 0/0:a .");
	walks(c, (struct view){ .syscall = "a", .nth = 2 }, "0/0:a .");
	walks(c, (struct view){ .syscall = "a", .nth = 3 }, "");
	capture_free(c);
}

static void test_levels_count_for_lines_only(void **state)
{
	struct capture *c = capture_of(lines);

	(void)state;
	walks(c, (struct view){ .depth = 2, .nth = 1 },
	      "0/0:ioctl 1/1:a 2/2:i 3/2:b . . 2/2:b . . 1/1:c . .");
	walks(c, (struct view){ .depth = 1, .nth = 1 },
	      "0/0:ioctl 1/1:a+2 . 1/1:c . .");
	assert_int_equal(tree_count(&c->thread[0].root), 8);
	capture_free(c);
}

static void test_without_levels(void **state)
{
	struct capture *c = capture_of(lines);
	const struct view traced = { .traced = true, .nth = 1 };
	const char *wanted = "0/0:ioctl 1/1:a 2/2:b . 2/2:b . . 1/1:c . .";

	(void)state;
	walks(c, traced, wanted);
	/* the walk left them where they are */
	assert_int_equal(c->thread[0].root.child[0]->child[0]->child[0]->kind,
			 NODE_INLINED);
	walks(c, (struct view){ .traced = true, .function = "i" }, "");
	walks(c, (struct view){ .function = "i" }, "0/0:i 1/0:b . .");
	/* taken out, the two are a row */
	view_prepare(c, &traced);
	walks(c, traced, "0/0:ioctl 1/1:a 2/2:b*2 . . 1/1:c . .");
	capture_free(c);
}

static void test_what_is_selected(void **state)
{
	struct capture *c = capture_of(lines);

	(void)state;
	walks(c, (struct view){ .function = "b" }, "0/0:b . 0/0:b .");
	walks(c, (struct view){ .function = "b", .nth = 2 }, "0/0:b .");
	walks(c, (struct view){ .syscall = "KVM_B", .nth = 3 }, "0/0:ioctl .");
	walks(c, (struct view){ .syscall = "KVM_B", .nth = 4 }, "");
	walks(c, (struct view){ .syscall = "KVM_" }, "");
	walks(c, (struct view){ .syscall = "KVM_B", .function = "b" }, "");
	walks(c, (struct view){ .at = "p.c:3" }, "0/0:ioctl .");
	walks(c, (struct view){ .at = "x/p.c:2" },
	      "0/0:ioctl . 0/0:ioctl .");
	walks(c, (struct view){ .at = "c:3" }, "");
	walks(c, (struct view){ .at = "/p.c:3" }, "");
	walks(c, (struct view){ .at = "y/x/p.c:3" }, "");
	capture_free(c);
}

static void test_threads_are_named_where_there_are_several(void **state)
{
	struct capture *c = capture_of("@a() = 0\nthread 7\n@b() = 0\n"
				       "@a() = 0\n");

	(void)state;
	walks(c, (struct view){ .depth = 0 }, "T0 0/0:a . T7 0/0:b . 0/0:a .");
	walks(c, (struct view){ .syscall = "b" }, "T7 0/0:b .");
	walks(c, (struct view){ .syscall = "a", .nth = 2 }, "T7 0/0:a .");
	capture_free(c);
}

static void test_rows_alike_to_the_letter(void **state)
{
	struct capture *c = capture_of("@a(1) = 0\n@a(1) = 0\n@a(2) = 0\n"
				       "@b() = 0\n@b() = 0\n");
	struct node *root = &c->thread[0].root;

	(void)state;
	tree_fold(root);
	assert_false(tree_group_alike(root->child[0]));
	assert_true(tree_group_alike(root->child[3]));
	capture_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_tree_is_folded_if_prepared),
		cmocka_unit_test(test_groups_are_entered_and_left),
		cmocka_unit_test(test_levels_count_for_lines_only),
		cmocka_unit_test(test_without_levels),
		cmocka_unit_test(test_what_is_selected),
		cmocka_unit_test(
			test_threads_are_named_where_there_are_several),
		cmocka_unit_test(test_rows_alike_to_the_letter),
	};

	return RUN_UNIT_TESTS(tests);
}
