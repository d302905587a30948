// SPDX-License-Identifier: MIT
/* Unit tests of import/objects.h: which object is at an address. */
#include "unit.h"
#include "import/objects.h"

enum { AT = 0x10000 };

static struct objects *o;
static struct object_kind *vcpu, *timer;

static int set_up(void **state)
{
	(void)state;
	o = objects_new(NULL);
	vcpu = object_kind(o, "vcpu");
	timer = object_kind(o, "timer");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	objects_free(o);
	return 0;
}

static void test_kinds_are_the_same_by_name(void **state)
{
	char name[] = "vcpu";

	(void)state;
	assert_ptr_equal(object_kind(o, name), vcpu);
	assert_ptr_not_equal(timer, vcpu);
	assert_string_equal(object_kind_name(vcpu), "vcpu");
	assert_ptr_equal(object_kind(o, "user"), object_kinds(o)->user);
}

static void test_numbers_count_within_a_kind(void **state)
{
	struct object *a = object_new(o, vcpu, AT, 8);
	struct object *b = object_new(o, vcpu, 2 * AT, 8);

	(void)state;
	assert_int_equal(object_number(b), 0);
	assert_int_equal(object_number(a), 1);
	assert_int_equal(object_number(b), 0);
	assert_int_equal(object_number(object_new(o, timer, AT, 8)), 0);
}

static void test_kinds_share_an_address(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 64);
	struct object *t = object_new(o, timer, AT, 8);

	(void)state;
	assert_ptr_equal(object_at(o, vcpu, AT), v);
	assert_ptr_equal(object_at(o, timer, AT), t);
	assert_ptr_equal(object_any_at(o, AT), t);
	object_end(o, t);
	assert_null(object_at(o, timer, AT));
	assert_ptr_equal(object_any_at(o, AT), v);
	object_end(o, v);
	assert_null(object_any_at(o, AT));
}

static void test_an_older_object_can_end_first(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 64);
	struct object *t = object_new(o, timer, AT, 8);

	(void)state;
	object_end(o, v);
	assert_ptr_equal(object_any_at(o, AT), t);
	assert_null(object_at(o, vcpu, AT));
}

static void test_an_address_is_in_the_smallest_object(void **state)
{
	struct object *big = object_new(o, vcpu, AT, 0x3000);
	struct object *small = object_new(o, timer, AT + 0x800, 0x20);

	(void)state;
	assert_ptr_equal(object_around(o, AT + 0x7ff), big);
	assert_ptr_equal(object_around(o, AT + 0x800), small);
	assert_ptr_equal(object_around(o, AT + 0x820), small);
	assert_ptr_equal(object_around(o, AT + 0x821), big);
	assert_ptr_equal(object_around(o, AT + 0x3000), big);
	assert_null(object_around(o, AT + 0x3001));
	assert_null(object_around(o, AT - 1));
	object_end(o, small);
	assert_ptr_equal(object_around(o, AT + 0x810), big);
}

/* Both sizes use blocks of 64 bytes. */
static void test_of_two_sizes_the_smaller_is_meant(void **state)
{
	struct object *first = object_new(o, vcpu, AT, 0x28);
	struct object *second = object_new(o, timer, AT, 0x30);

	(void)state;
	assert_ptr_equal(object_around(o, AT + 1), first);
	object_end(o, first);
	object_new(o, vcpu, AT, 0x38);
	assert_ptr_equal(object_around(o, AT + 1), second);
}

/* Sizes at and near powers of two, at addresses that cross a block. */
static void test_sizes_around_powers_of_two(void **state)
{
	(void)state;
	for (unsigned int size = 1; size <= 0x2000; size *= 2)
		for (int beside = -1; beside <= 1; beside++) {
			uint64_t at = 0xffff800000000ff0 + size, n = size + beside;
			struct object *x;

			if (!n)
				continue;
			x = object_new(o, vcpu, at, n);
			assert_ptr_equal(object_around(o, at), x);
			assert_ptr_equal(object_around(o, at + n), x);
			assert_null(object_around(o, at + n + 1));
			object_end(o, x);
			assert_null(object_around(o, at));
		}
}

static void test_of_equal_objects_the_first_is_meant(void **state)
{
	struct object *a = object_new(o, vcpu, AT, 16);

	(void)state;
	object_new(o, timer, AT + 8, 16);
	assert_ptr_equal(object_around(o, AT + 12), a);
}

static void test_an_object_ends_with_its_parts(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 0x100);
	struct object *before = object_new(o, timer, AT - 1, 8);
	struct object *after = object_new(o, timer, AT + 0x100, 8);

	(void)state;
	object_new(o, timer, AT, 8);
	object_new(o, timer, AT + 0xff, 8);
	object_end_whole(o, v);
	assert_null(object_any_at(o, AT));
	assert_null(object_any_at(o, AT + 0xff));
	assert_ptr_equal(object_any_at(o, AT - 1), before);
	assert_ptr_equal(object_any_at(o, AT + 0x100), after);
}

/* The same with more objects than the object has bytes. */
static void test_a_small_object_ends_with_its_parts(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 4);

	(void)state;
	for (int i = 0; i < 100; i++)
		object_new(o, timer, AT + 1 + i, 1);
	object_end_whole(o, v);
	for (int i = 0; i < 100; i++)
		assert_int_equal(!object_any_at(o, AT + 1 + i), i < 3);
}

static void test_an_object_without_a_size_ends_alone(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 0);
	struct object *next = object_new(o, timer, AT + 1, 8);

	(void)state;
	object_end_whole(o, v);
	assert_null(object_any_at(o, AT));
	assert_ptr_equal(object_any_at(o, AT + 1), next);
}

static void test_a_kind_ends(void **state)
{
	struct object *t = object_new(o, timer, AT, 8);

	(void)state;
	object_new(o, vcpu, AT, 8);
	object_new(o, vcpu, AT, 8);
	object_new(o, vcpu, 2 * AT, 8);
	object_end_kind(o, vcpu);
	assert_null(object_at(o, vcpu, AT));
	assert_null(object_at(o, vcpu, 2 * AT));
	assert_ptr_equal(object_any_at(o, AT), t);
}

static void test_what_ended_is_not_the_last(void **state)
{
	struct object *v = object_new(o, vcpu, AT, 8);

	(void)state;
	objects_set_last(o, v);
	assert_ptr_equal(objects_last(o), v);
	assert_ptr_equal(objects_newest(o), v);
	object_end(o, v);
	assert_null(objects_last(o));
	assert_null(objects_newest(o));
	assert_int_equal(objects_made(o), 1);
}

/* --- the program's memory ------------------------------------------- */

static struct object *user_at(uint64_t address)
{
	return object_at(o, object_kinds(o)->user, address);
}

static void test_a_mapping_has_no_number_before_it_is_shown(void **state)
{
	(void)state;
	objects_map(o, AT, 0x1000);
	objects_map(o, 2 * AT, 0x1000);
	assert_int_equal(object_number(user_at(2 * AT)), 0);
	assert_int_equal(object_number(user_at(AT)), 1);
}

static void test_unmapped_memory_is_gone(void **state)
{
	(void)state;
	objects_map(o, AT, 0x1000);
	objects_map(o, AT + 0x1000, 0x2000);
	objects_map(o, AT + 0x3000, 0x2000);
	objects_unmap(o, AT, 0x4000);
	assert_null(user_at(AT));
	assert_null(user_at(AT + 0x1000));
	/* This one loses only a part. */
	assert_non_null(user_at(AT + 0x3000));
	objects_unmap(o, AT + 0x3000, 0x2000);
	assert_null(user_at(AT + 0x3000));
}

static void test_memory_mapped_over_memory_is_other_memory(void **state)
{
	(void)state;
	objects_map(o, AT, 0x1000);
	assert_int_equal(object_number(user_at(AT)), 0);
	objects_map(o, AT, 0x1000);
	assert_int_equal(object_number(user_at(AT)), 1);
	/* A part of it: what is behind keeps its name. */
	objects_map(o, AT, 0x800);
	assert_int_equal(object_number(user_at(AT)), 2);
	assert_int_equal(object_number(object_around(o, AT + 0x900)), 1);
}

static void test_another_program_has_other_memory(void **state)
{
	struct object *v = object_new(o, vcpu, 3 * AT, 8);

	(void)state;
	objects_map(o, AT, 0x1000);
	objects_map(o, 2 * AT, 0x1000);
	objects_unmap_all(o);
	assert_null(user_at(AT));
	assert_null(user_at(2 * AT));
	assert_ptr_equal(object_any_at(o, 3 * AT), v);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(kinds_are_the_same_by_name),
		TEST(numbers_count_within_a_kind),
		TEST(kinds_share_an_address),
		TEST(an_older_object_can_end_first),
		TEST(an_address_is_in_the_smallest_object),
		TEST(of_two_sizes_the_smaller_is_meant),
		TEST(sizes_around_powers_of_two),
		TEST(of_equal_objects_the_first_is_meant),
		TEST(an_object_ends_with_its_parts),
		TEST(a_small_object_ends_with_its_parts),
		TEST(an_object_without_a_size_ends_alone),
		TEST(a_kind_ends),
		TEST(what_ended_is_not_the_last),
		TEST(a_mapping_has_no_number_before_it_is_shown),
		TEST(unmapped_memory_is_gone),
		TEST(memory_mapped_over_memory_is_other_memory),
		TEST(another_program_has_other_memory),
	};

	return RUN_UNIT_TESTS(tests);
}
