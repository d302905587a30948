// SPDX-License-Identifier: MIT
/* Unit tests of kernel/neighbors.h: which functions are KVM's. */
#include "unit.h"

#include "kernel/neighbors.h"

/* Finds the new ones of KIND; WANTED is what it then is. */
static void check(const char *kind, const char *wanted)
{
	char *text = strdup(kind);
	size_t new = 0;

	for (const char *p = wanted; *p; p++)
		new += *p == KIND_NEW;
	assert_int_equal(neighbors_find_new(text, strlen(text)), new);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_new(void **state)
{
	(void)state;
	check("...KKKKKKKK..KKKKKKKK...", "...KKKKKKKKnnKKKKKKKK...");
	check(".......................", ".......................");
	check("KKKKKKKKKK", "KKKKKKKKKK");
}

/* What the index knows as another's stays that, wherever it is. */
static void test_others(void **state)
{
	(void)state;
	check("KKKKKKKK.o.KKKKKKKK", "KKKKKKKKnonKKKKKKKK");
}

/* One that only shares a name has no neighbors, and makes none. */
static void test_impostor(void **state)
{
	(void)state;
	check("........K..............KKKKKKKK.KKKKKKKK",
	      "........K..............KKKKKKKKnKKKKKKKK");
	assert_false(neighbors_are_kvm("........K........", 17, 8));
	assert_true(neighbors_are_kvm("KKKKKKKKK........", 17, 8));
	assert_true(neighbors_are_kvm("KKKK....K....KKKK", 17, 8));
	assert_false(neighbors_are_kvm("KKKK....K.....KKK", 17, 8));
}

/* The row of a new file counts, the distance of two sections does not. */
static void test_rows(void **state)
{
	enum { SIDE = 9, LONGEST = 128 };

	(void)state;
	for (int row = LONGEST; row <= LONGEST + 1; row++) {
		char kind[2 * SIDE + LONGEST + 2];

		memset(kind, KIND_KVM, sizeof(kind));
		memset(kind + SIDE, KIND_UNKNOWN, row);
		kind[2 * SIDE + row] = '\0';
		assert_int_equal(neighbors_find_new(kind, 2 * SIDE + row),
				 row == LONGEST ? LONGEST : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_impostor),
		cmocka_unit_test(test_rows),
	};

	return RUN_UNIT_TESTS(tests);
}
