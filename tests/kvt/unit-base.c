// SPDX-License-Identifier: MIT
/* Unit tests of base/: text that grows, files, numbers, tables, checksums. */
#include "unit.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/gunzip.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/tsv.h"
#include "base/vec.h"

/* --- buf.h ---------------------------------------------------------- */

static void test_buf_numbers(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_unsigned(&b, 0);
	buf_putc(&b, ' ');
	buf_unsigned(&b, UINT64_MAX);
	buf_putc(&b, ' ');
	buf_hex(&b, 0xffff00000000a09f);
	buf_putc(&b, ' ');
	buf_signed(&b, 0);
	buf_putc(&b, ' ');
	buf_signed(&b, INT64_MIN);
	buf_putc(&b, ' ');
	buf_signed(&b, -7);
	assert_string_equal(b.text, "0 18446744073709551615 ffff00000000a09f 0"
				    " -9223372036854775808 -7");
	assert_int_equal(b.size, strlen(b.text));
	buf_free(&b);
	assert_null(b.text);
	assert_int_equal(b.room, 0);
}

/* The sanitizer sees a byte written past the room. */
static void test_buf_grows_by_bytes(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		buf_putc(&b, 'a' + i % 26);
		assert_true(b.room > b.size);
		assert_int_equal(b.text[b.size], 0);
	}
	assert_int_equal(b.size, 1000);
	assert_int_equal(b.text[999], 'a' + 999 % 26);
	buf_printf(&b, "%s%d", "<", 42);
	assert_string_equal(b.text + 1000, "<42");
	assert_int_equal(b.size, 1003);
	buf_free(&b);
}

static void test_buf_printf_into_exact_room(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_puts(&b, "x");
	while (b.size < b.room - 1)
		buf_putc(&b, 'x');
	buf_printf(&b, "%d", 7);
	assert_int_equal(b.text[b.size - 1], '7');
	assert_true(b.room > b.size);
	buf_free(&b);
}

static void test_buf_taken_and_cleared(void **state)
{
	struct buf b = { 0 };
	char *text;

	(void)state;
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
	buf_clear(&b);
	buf_puts(&b, "one");
	buf_clear(&b);
	assert_string_equal(b.text, "");
	buf_puts(&b, "two");
	text = buf_take(&b);
	assert_string_equal(text, "two");
	assert_null(b.text);
	assert_int_equal(b.size, 0);
	free(text);
}

/* --- number.h, tsv.h, vec.h ----------------------------------------- */

static void empty_number(void) { parse_number("--n", "", 0, 9); }
static void number_and_more(void) { parse_number("--n", "7x", 0, 9); }
static void number_too_small(void) { parse_number("--n", "1", 2, 9); }
static void number_too_large(void) { parse_number("--n", "10", 2, 9); }
static void number_too_long(void)
{
	parse_number("--n", "99999999999999999999", 0, __LONG_MAX__);
}

static void test_numbers_have_bounds(void **state)
{
	(void)state;
	assert_int_equal(parse_number("--n", "2", 2, 9), 2);
	assert_int_equal(parse_number("--n", "9", 2, 9), 9);
	assert_int_equal(parse_number("--n", "-3", -3, 9), -3);
	assert_int_equal(exit_code_of(empty_number), KVT_USAGE);
	assert_int_equal(exit_code_of(number_and_more), KVT_USAGE);
	assert_int_equal(exit_code_of(number_too_small), KVT_USAGE);
	assert_int_equal(exit_code_of(number_too_large), KVT_USAGE);
	assert_int_equal(exit_code_of(number_too_long), KVT_USAGE);
}

static void test_tabs_are_split(void **state)
{
	char line[] = "a\t\tlast one", alone[] = "alone", more[] = "1\t2\t3";
	char *field[3];

	(void)state;
	assert_int_equal(split_tabs(line, field, 3), 3);
	assert_string_equal(field[0], "a");
	assert_string_equal(field[1], "");
	assert_string_equal(field[2], "last one");
	assert_int_equal(split_tabs(alone, field, 3), 1);
	assert_string_equal(field[0], "alone");
	assert_int_equal(split_tabs(more, field, 2), 2);
	assert_string_equal(field[1], "2");
}

static void test_lower_bound(void **state)
{
	static const struct row { int key; } rows[] = {
		{ 2 }, { 4 }, { 4 }, { 9 },
	};

	(void)state;
	assert_int_equal(lower_bound(rows, 4, key, 1), 0);
	assert_int_equal(lower_bound(rows, 4, key, 2), 0);
	assert_int_equal(lower_bound(rows, 4, key, 3), 1);
	assert_int_equal(lower_bound(rows, 4, key, 4), 1);
	assert_int_equal(lower_bound(rows, 4, key, 9), 3);
	assert_int_equal(lower_bound(rows, 4, key, 10), 4);
	assert_int_equal(lower_bound(rows, 0, key, 1), 0);
}

/* --- text.h --------------------------------------------------------- */

static void test_text_of_a_capture(void **state)
{
	const char *control = "a control character", *other = "not UTF-8";

	(void)state;
	assert_null(text_fault(""));
	assert_null(text_fault("plain ~ text"));
	assert_null(text_fault("\u00a0 \u0800 \xed\x9f\xbf \xee\x80\x80 \U00010000 \U0010ffff"));
	assert_string_equal(text_fault("a\tb"), control);
	assert_string_equal(text_fault("\x7f"), control);
	assert_string_equal(text_fault("\x1b[2J"), control);
	assert_string_equal(text_fault("\xc2\x9f"), other);	/* C1 */
	assert_string_equal(text_fault("\xc1\xbf"), other);
	assert_string_equal(text_fault("\xe0\x9f\xbf"), other);	/* too long */
	assert_string_equal(text_fault("\xf0\x8f\xbf\xbf"), other);
	assert_string_equal(text_fault("\xed\xa0\x80"), other);	/* surrogates */
	assert_string_equal(text_fault("\xed\xbf\xbf"), other);
	assert_string_equal(text_fault("\xf4\x90\x80\x80"), other);
	assert_string_equal(text_fault("\xc3"), other);		/* cut off */
	assert_string_equal(text_fault("\xe2\x82"), other);
	assert_string_equal(text_fault("\x80"), other);
}

/* --- file.h, memory.h, sha256.h, die.h ------------------------------ */

static void read_what_is_not_there(void)
{
	read_file("/no/such/file", NULL);
}

static void read_below_a_file(void)
{
	read_file_if("/dev/null/file", NULL);
}

static void open_what_is_not_there(void)
{
	open_file("/no/such/file", "re");
}

static void write_where_nothing_fits(void)
{
	write_file("/dev/full", "x", 1);
}

static void test_files_are_read_whole(void **state)
{
	char path[] = "/tmp/kvt-unit-XXXXXX", *text;
	static char data[65536 * 3];
	/* Sizes around the first room for a file. */
	const size_t sizes[] = { 0, 1, 65534, 65535, 65536, sizeof(data) };
	size_t size;

	(void)state;
	close(mkstemp(path));
	memset(data, 'k', sizeof(data));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		write_file(path, data, sizes[i]);
		text = read_file(path, &size);
		assert_int_equal(size, sizes[i]);
		assert_int_equal(strlen(text), sizes[i]);
		free(text);
	}
	unlink(path);
	assert_null(read_file_if(path, &size));
	/* A file in /proc claims to be empty. */
	text = read_file("/proc/self/status", &size);
	assert_memory_equal(text, "Name:", 5);
	free(text);
}

static void test_what_is_compressed(void **state)
{
	(void)state;
	assert_true(is_gzip("\x1f\x8b", 2));
	assert_false(is_gzip("\x1f\x8b", 1));
	assert_false(is_gzip("\x1f\x8c", 2));
	assert_false(is_gzip("kvt 1", 5));
}

static void test_files_that_fail(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(read_what_is_not_there), KVT_FAILED);
	assert_int_equal(exit_code_of(read_below_a_file), KVT_FAILED);
	assert_int_equal(exit_code_of(open_what_is_not_there), KVT_FAILED);
	assert_int_equal(exit_code_of(write_where_nothing_fits), KVT_FAILED);
}

static void test_checksums(void **state)
{
	struct sha256_ctx sum;
	char hex[65];

	(void)state;
	sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	sha256_init(&sum);
	sha256_update(&sum, 1, (const uint8_t *)"a");
	sha256_update(&sum, 2, (const uint8_t *)"bc");
	sha256_end(&sum, hex);
	assert_memory_equal(hex, "ba7816bf", 8);
	sha256_end(&sum, hex);		/* the sum of nothing: it began again */
	assert_memory_equal(hex, "e3b0c442", 8);
}

static void test_memory_of_no_size(void **state)
{
	char *none = xcalloc(0, 0), *text = xasprintf("%s-%d", "a", 5);
	char *large = xlarge(5 << 20);

	(void)state;
	assert_non_null(none);
	assert_string_equal(text, "a-5");
	memset(large, 1, 5 << 20);
	free(none);
	free(text);
	free(large);
}

/* Output before a die() must not get lost. */
static void say_and_die(void)
{
	printf("said");
	die(KVT_LOST, "%d events", 3);
}

static void test_last_words(void **state)
{
	char *words = output_of(say_and_die);

	(void)state;
	assert_int_equal(exit_code_of(say_and_die), KVT_LOST);
	assert_string_equal(words, "saidkvt: 3 events\n");
	free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_numbers),
		cmocka_unit_test(test_buf_grows_by_bytes),
		cmocka_unit_test(test_buf_printf_into_exact_room),
		cmocka_unit_test(test_buf_taken_and_cleared),
		cmocka_unit_test(test_numbers_have_bounds),
		cmocka_unit_test(test_tabs_are_split),
		cmocka_unit_test(test_lower_bound),
		cmocka_unit_test(test_text_of_a_capture),
		cmocka_unit_test(test_files_are_read_whole),
		cmocka_unit_test(test_what_is_compressed),
		cmocka_unit_test(test_files_that_fail),
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_memory_of_no_size),
		cmocka_unit_test(test_last_words),
	};

	return RUN_UNIT_TESTS(tests);
}
