// SPDX-License-Identifier: MIT
/* Unit tests of kernel/debuginfo.h, on this very program. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "unit.h"

#include "base/file.h"
#include "kernel/debuginfo.h"

#define inlined static inline __attribute__((always_inline))
enum { INNER = __LINE__ + 4, MIDDLE = INNER + 5, OUTER = MIDDLE + 5 };

inlined int inner(volatile int *p)
{
	return *p += 3;
}

inlined int middle(volatile int *p)
{
	return inner(p) * 5;
}

__attribute__((noinline, used)) int outer_of_test(volatile int *p)
{
	int x = middle(p);

	__asm__ volatile("" : "+r" (x));
	return x;
}

static struct debuginfo *self(void)
{
	struct debuginfo *d = debuginfo_open("/proc/self/exe");

	assert_non_null(d);
	return d;
}

/* Finds the instruction of outer_of_test() with the most frames. */
static int deepest(struct debuginfo *d, const struct debug_frame **frame)
{
	uint64_t address = debuginfo_symbol(d, "outer_of_test"), best = 0;
	int most = 0;

	assert_int_not_equal(address, 0);
	for (uint64_t at = address; at < address + 64; at++) {
		int n = debuginfo_frames(d, at, frame);

		if (n > most && !strcmp((*frame)[n - 1].function,
					"outer_of_test")) {
			most = n;
			best = at;
		}
	}
	return debuginfo_frames(d, best, frame);
}

/* Counts the bytes of outer_of_test(). */
static int count_frames(struct debuginfo *d)
{
	uint64_t address = debuginfo_symbol(d, "outer_of_test");
	int count = 0;

	for (uint64_t at = address; at < address + 64; at++) {
		const struct debug_frame *f;
		int n = debuginfo_frames(d, at, &f);

		count += n && !strcmp(f[n - 1].function, "outer_of_test");
	}
	return count;
}

static void inlined_functions_are_frames(void **state)
{
	struct debuginfo *d = self();
	const struct debug_frame *f;

	(void)state;
	assert_int_equal(deepest(d, &f), 3);
	assert_string_equal(f[0].function, "inner");
	assert_int_equal(f[0].line, INNER);
	assert_string_equal(f[1].function, "middle");
	assert_int_equal(f[1].line, MIDDLE);
	assert_string_equal(f[2].function, "outer_of_test");
	assert_int_equal(f[2].line, OUTER);
	debuginfo_close(d);
}

static void what_is_behind_an_inlined_function_is_not_in_it(void **state)
{
	struct debuginfo *d = self();
	uint64_t at = debuginfo_symbol(d, "outer_of_test") +
		      count_frames(d) - 1;
	const struct debug_frame *f;

	(void)state;
	/* The last instruction returns. */
	assert_int_equal(debuginfo_frames(d, at, &f), 1);
	assert_string_equal(f[0].function, "outer_of_test");
	debuginfo_close(d);
}

static void files_have_a_full_path(void **state)
{
	const char name[] = "/tests/kvt/unit-debuginfo.c";
	struct debuginfo *d = self();
	const struct debug_frame *f;

	(void)state;
	for (int i = 0, n = deepest(d, &f); i < n; i++) {
		size_t length = strlen(f[i].file);

		assert_true(f[i].file[0] == '/' && length > sizeof(name));
		assert_string_equal(f[i].file + length - strlen(name), name);
		assert_null(strstr(f[i].file, "/./"));
	}
	debuginfo_close(d);
}

static void a_function_ends_where_the_next_begins(void **state)
{
	struct debuginfo *d = self();
	uint64_t address = debuginfo_symbol(d, "outer_of_test");
	const struct debug_frame *f;
	int n = debuginfo_frames(d, address, &f);

	(void)state;
	assert_string_equal(f[n - 1].function, "outer_of_test");
	n = debuginfo_frames(d, address - 1, &f);
	assert_false(n && f[n - 1].function &&
		     !strcmp(f[n - 1].function, "outer_of_test"));
	debuginfo_close(d);
}

static void nothing_is_known_of_no_code(void **state)
{
	struct debuginfo *d = self();
	const struct debug_frame *f;

	(void)state;
	assert_int_equal(debuginfo_frames(d, 0, &f), 0);
	assert_int_equal(debuginfo_frames(d, UINT64_MAX, &f), 0);
	assert_int_equal(debuginfo_frames(d, UINT64_MAX - 1, &f), 0);
	assert_int_equal(debuginfo_symbol(d, "no_such_function"), 0);
	assert_int_equal(debuginfo_symbol(d, ""), 0);
	assert_null(debuginfo_tree(d));
	debuginfo_close(d);
}

/* Counts the instructions of outer_of_test() that begin a statement in FROM to
 * TO. */
static int statements(struct debuginfo *d, const char *file, int from, int to)
{
	uint64_t address = debuginfo_symbol(d, "outer_of_test");
	int count = 0;

	for (uint64_t at = address; at < address + 64; at++) {
		const struct debug_frame *f;
		int n = debuginfo_frames(d, at, &f);

		count += n && !strcmp(f[n - 1].function, "outer_of_test") &&
			 debuginfo_statement(d, at, file, from, to);
	}
	return count;
}

static void where_statements_begin(void **state)
{
	struct debuginfo *d = self();
	const struct debug_frame *f;
	char *file;

	(void)state;
	deepest(d, &f);
	file = strdup(f[0].file);
	assert_int_not_equal(statements(d, file, INNER, INNER), 0);
	assert_int_equal(statements(d, file, INNER + 1, INNER + 2), 0);
	assert_int_not_equal(statements(d, file, INNER - 1, INNER), 0);
	assert_int_not_equal(statements(d, file, INNER, INNER + 1), 0);
	assert_int_equal(statements(d, "/other.c", INNER, INNER), 0);
	/* Fewer instructions begin a statement than belong to one. */
	assert_true(statements(d, file, 1, 10000) < count_frames(d));
	free(file);
	debuginfo_close(d);
}

static void a_name_may_have_a_quote(void **state)
{
	char dir[] = "/tmp/kvt-unit-XXXXXX", path[64];
	const struct debug_frame *f;
	struct debuginfo *d;
	size_t size;
	char *text = read_file("/proc/self/exe", &size);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/it's \"x\"; $y", dir);
	write_file(path, text, size);
	d = debuginfo_open(path);
	assert_non_null(d);
	assert_int_equal(deepest(d, &f), 3);
	debuginfo_close(d);
	unlink(path);
	rmdir(dir);
	free(text);
}

static void what_is_no_elf_file_is_refused(void **state)
{
	(void)state;
	assert_null(debuginfo_open("/no/such/file"));
	assert_null(debuginfo_open("/etc/passwd"));
	assert_null(debuginfo_open("/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inlined_functions_are_frames),
		cmocka_unit_test(what_is_behind_an_inlined_function_is_not_in_it),
		cmocka_unit_test(files_have_a_full_path),
		cmocka_unit_test(a_function_ends_where_the_next_begins),
		cmocka_unit_test(nothing_is_known_of_no_code),
		cmocka_unit_test(where_statements_begin),
		cmocka_unit_test(a_name_may_have_a_quote),
		cmocka_unit_test(what_is_no_elf_file_is_refused),
	};

	return RUN_UNIT_TESTS(tests);
}
