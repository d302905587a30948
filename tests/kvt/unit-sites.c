// SPDX-License-Identifier: MIT
/* Unit tests of import/sites.h, with this very program as the kernel. */
#include "unit.h"

#include "base/die.h"
#include "import/sites.h"
#include "kernel/debuginfo.h"
#include "kernel/facts.h"

enum { MOVED = 0x50000 };	/* a kernel moves by multiples of 64 KiB */

static __attribute__((noinline)) void *kvm_call(void)
{
	return __builtin_return_address(0);
}

static __attribute__((noinline)) void *kvm_caller(void)
{
	void *back = kvm_call();

	__asm__ volatile("" : "+r"(back));	/* no tail call */
	return back;
}

/* Returns how far this program runs from its file's addresses. */
static uint64_t loaded(void)
{
	struct debuginfo *d = debuginfo_open("/proc/self/exe");
	uint64_t address = (uintptr_t)kvm_call - debuginfo_symbol(d, "kvm_call");

	debuginfo_close(d);
	return address;
}

/* Makes facts with kvm_call() so many bytes after its place in the file. */
static struct facts *facts_of(struct function *f, uint64_t behind)
{
	static struct facts facts;

	*f = (struct function){ .name = "kvm_call",
		.address = (uintptr_t)kvm_call - loaded() + behind };
	facts = (struct facts){ .function = f, .functions = 1 };
	return &facts;
}

static int open_with(uint64_t behind)
{
	struct function f;

	sites_close(sites_open("/proc/self/exe", facts_of(&f, behind)));
	return 0;
}

static void at_its_place(void) { open_with(0); }
static void a_hook_into_it(void) { open_with(64); }
static void moved(void) { open_with(MOVED + 8); }
static void elsewhere(void) { open_with(65); }
static void before_it(void) { open_with(MOVED - 1); }

static void the_kernel_must_be_the_recorded_one(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(at_its_place), 0);
	assert_int_equal(exit_code_of(a_hook_into_it), 0);
	assert_int_equal(exit_code_of(moved), 0);
	assert_int_equal(exit_code_of(elsewhere), KVT_FAILED);
	assert_int_equal(exit_code_of(before_it), KVT_FAILED);
}

static void a_moved_kernel_has_the_same_lines(void **state)
{
	struct function f;
	struct site_level level[MAX_LEVELS];
	const char *place;
	struct sites *s = sites_open("/proc/self/exe", facts_of(&f, MOVED));
	/* On arm64 a call is 4 bytes before its return address. */
	uint64_t back = (uintptr_t)kvm_caller() - loaded() + MOVED;

	(void)state;
	assert_int_equal(sites_levels(s, back, "kvm_caller", level, &place), 0);
	assert_non_null(place);
	assert_non_null(strstr(place, "unit-sites.c:"));
	assert_int_equal(sites_levels(s, back, NULL, level, &place), 1);
	assert_string_equal(level[0].name, "kvm_caller");
	assert_int_equal(level[0].kind, NODE_UNSEEN);
	sites_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_must_be_the_recorded_one),
		cmocka_unit_test(a_moved_kernel_has_the_same_lines),
	};

	return RUN_UNIT_TESTS(tests);
}
