// SPDX-License-Identifier: MIT
/* Unit tests of compare/trail.h: which differences inlining explains. */
#include "unit.h"
#include "base/buf.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "compare/trail.h"
#include "kernel/facts.h"
#include "unit_capture.h"

/* Functions that both kernels see; s and t are static, and may be inlined. */
static struct function known[] = {
	{ .name = "__create_hyp_mappings" },
	{ .name = "f" }, { .name = "g" }, { .name = "h" },
	{ .name = "s", .is_static = true }, { .name = "t", .is_static = true },
};

enum { KNOWN = sizeof(known) / sizeof(*known) };

/* Compares captures of LINES, as "same 3: s t" with the names that were
 * skipped, or "different 2: f | }" with the steps at hand. */
static char *comparison(const char *a, const char *b)
{
	const struct common_ground ground = {
		.seen = { { known, KNOWN, true }, { known, KNOWN, true } },
	};
	struct capture *c[2] = { capture_of(a), capture_of(b) };
	struct trail trail[2] = { { .at = 0 }, { .at = 0 } };
	struct trail_name *names = NULL;
	struct buf text = { 0 };
	unsigned long same;
	bool match;

	for (int i = 0; i < 2; i++)
		trail_add(&trail[i], &c[i]->thread[0].root, &ground);
	match = trails_match(&trail[0], &trail[1], &names, &same);
	buf_printf(&text, "%s %lu:", match ? "same" : "different", same);
	for (const struct trail_name *n = names; n && match; n = n->hh.next)
		buf_printf(&text, " %s", n->name);
	for (int i = 0; i < 2 && !match; i++) {
		const struct footprint *f = trail_now(&trail[i]);

		buf_printf(&text, " %s", f ? f->text : "end");
	}
	trail_names_free(&names);
	for (int i = 0; i < 2; i++) {
		trail_free(&trail[i]);
		capture_free(c[i]);
	}
	return buf_take(&text);
}

#define COMPARES(a, b, wanted)				\
	do {						\
		char *got_ = comparison(a, b);		\
		assert_string_equal(got_, wanted);	\
		free(got_);				\
	} while (0)

static void test_the_same(void **state)
{
	(void)state;
	COMPARES("f()\n", "f()\n", "same 1:");
	COMPARES("f(x=1) = 1\n", "f(x=2) = 2\n", "same 1:");
	COMPARES("f() {\n  g()\n}\n", "f() {\n  g()\n}\n", "same 2:");
	COMPARES("f.isra.0()\n", "f()\n", "same 1:");
}

static void test_what_differs(void **state)
{
	(void)state;
	COMPARES("f()\n", "g()\n", "different 0: f g");
	COMPARES("f()\ng()\n", "f()\n", "different 1: g end");
	COMPARES("f() {\n  g()\n}\n", "f()\ng()\n", "different 1: g }");
	COMPARES("@ioctl(3:vm, KVM_X, 0) = 0\n",
		 "@ioctl(3:vm, KVM_X, 0) = -EINVAL\n", "different 0:"
		 " @ioctl(3:vm, KVM_X, 0) = 0"
		 " @ioctl(3:vm, KVM_X, 0) = -EINVAL");
	COMPARES("@ioctl(3:vm, KVM_X, 0) = 0\n",
		 "@ioctl(3:vm, KVM_X, 1) = 0\n", "different 0:"
		 " @ioctl(3:vm, KVM_X, 0) = 0 @ioctl(3:vm, KVM_X, 1) = 0");
}

static void test_what_one_cannot_see_does_not_count(void **state)
{
	(void)state;
	COMPARES("f() {\n  unseen() {\n    g()\n  }\n}\n",
		 "f() {\n  g()\n}\n", "same 2:");
	/* an event is always seen */
	COMPARES("f() {\n  !ev()\n  g()\n}\n", "f() {\n  g()\n}\n",
		 "different 1: ev g");
	/* of a function that the compiler split, only a part is traced */
	COMPARES("f.part.0()\n", "g()\n", "different 0: end g");
}

static void test_a_static_function_may_be_inlined(void **state)
{
	(void)state;
	COMPARES("s()\nf()\n", "f()\n", "same 1: s");
	COMPARES("f()\n", "s()\nf()\n", "same 1: s");
	COMPARES("f()\ns()\n", "f()\n", "same 1: s");
	/* what it calls stays */
	COMPARES("s() {\n  f()\n}\n", "f()\n", "same 1: s");
	COMPARES("s() {\n  f()\n}\n", "g()\n", "different 0: f g");
	COMPARES("s() {\n  t() {\n    f()\n  }\n}\n", "f()\n", "same 1: s t");
	/* it is named once */
	COMPARES("s()\ns()\nf()\n", "f()\n", "same 1: s");
	COMPARES("f()\n", "g()\nf()\n", "different 0: f g");
}

/* Both could be skipped: the one whose absence brings the two together. */
static void test_which_side_is_skipped(void **state)
{
	(void)state;
	COMPARES("s()\nf()\n", "t()\ns()\nf()\n", "same 2: t");
	COMPARES("t()\ns()\nf()\n", "s()\nf()\n", "same 2: t");
	COMPARES("s() {\n  f()\n}\n", "t() {\n  s() {\n    f()\n  }\n}\n",
		 "same 2: t");
	COMPARES("t() {\n  s() {\n    f()\n  }\n}\n", "s() {\n  f()\n}\n",
		 "same 2: t");
	/* neither brings them together: one after the other */
	COMPARES("s()\nf()\n", "t()\nf()\n", "same 1: s t");
	COMPARES("s()\n", "t()\n", "same 0: s t");
}

static void test_pages_in_a_row_count_once(void **state)
{
	(void)state;
	COMPARES("__create_hyp_mappings() {\n  g()\n}\n"
		 "__create_hyp_mappings() {\n  h()\n}\nf()\n",
		 "__create_hyp_mappings()\nf()\n", "same 2:");
	COMPARES("__create_hyp_mappings()\ng()\n__create_hyp_mappings()\n",
		 "__create_hyp_mappings()\ng()\n", "different 2:"
		 " __create_hyp_mappings end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same),
		cmocka_unit_test(test_what_differs),
		cmocka_unit_test(test_what_one_cannot_see_does_not_count),
		cmocka_unit_test(test_a_static_function_may_be_inlined),
		cmocka_unit_test(test_which_side_is_skipped),
		cmocka_unit_test(test_pages_in_a_row_count_once),
	};

	return RUN_UNIT_TESTS(tests);
}
