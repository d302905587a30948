// SPDX-License-Identifier: MIT
/* Unit tests of base/tsv.h. */
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/tsv.h"
#include "unit.h"

/* Reads TEXT as a table with FIELDS columns; "a|b;c|d;" is what it had.  A
 * table that is none ends the child with the exit status that is returned. */
static int read_table(const char *text, int fields, char *out, size_t size)
{
	char path[] = "/tmp/kvt-unit-XXXXXX", *field[8];
	int fd = mkstemp(path), status;
	struct tsv t;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*out = '\0';
	if (!fork()) {
		fclose(stderr);
		tsv_open(&t, path);
		while (tsv_next(&t, field, fields))
			;
		_exit(KVT_OK);
	}
	wait(&status);
	if (!status) {
		tsv_open(&t, path);
		while (tsv_next(&t, field, fields))
			for (int i = 0; i < fields; i++)
				snprintf(out + strlen(out), size - strlen(out),
					 "%s%c", field[i],
					 i + 1 < fields ? '|' : ';');
		tsv_close(&t);
	}
	unlink(path);
	return WEXITSTATUS(status);
}

static void rows_have_their_fields(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(read_table("a\tb\nc\td\n", 2, out, sizeof(out)), 0);
	assert_string_equal(out, "a|b;c|d;");
	assert_int_equal(read_table("a\tb\nc\t", 2, out, sizeof(out)), 0);
	assert_string_equal(out, "a|b;c|;");
	assert_int_equal(read_table("", 2, out, sizeof(out)), 0);
	assert_string_equal(out, "");
	assert_int_equal(read_table("one\n", 1, out, sizeof(out)), 0);
	assert_string_equal(out, "one;");
}

static void rows_with_other_fields_are_refused(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(read_table("a\tb\nc\n", 2, out, sizeof(out)),
			 KVT_FAILED);
	assert_int_equal(read_table("a\tb\tc\n", 2, out, sizeof(out)),
			 KVT_FAILED);
	assert_int_equal(read_table("a\tb\n\nc\td\n", 2, out, sizeof(out)),
			 KVT_FAILED);
}

static void no_more_fields_are_split_off(void **state)
{
	char line[] = "a\tb\tc", *field[3] = { NULL };

	(void)state;
	assert_int_equal(split_tabs(line, field, 2), 2);
	assert_string_equal(field[0], "a");
	assert_string_equal(field[1], "b");
	assert_null(field[2]);
}

static void lines_are_counted(void **state)
{
	char path[] = "/tmp/kvt-unit-XXXXXX", *field[2];
	struct tsv t;

	(void)state;
	close(mkstemp(path));
	write_file(path, "head\na\tb\n", 9);
	tsv_open(&t, path);
	assert_string_equal(tsv_line(&t), "head");
	assert_int_equal(t.line, 1);
	assert_true(tsv_next(&t, field, 2));
	assert_int_equal(t.line, 2);
	assert_null(tsv_line(&t));
	assert_int_equal(t.line, 2);
	tsv_close(&t);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_have_their_fields),
		cmocka_unit_test(rows_with_other_fields_are_refused),
		cmocka_unit_test(no_more_fields_are_split_off),
		cmocka_unit_test(lines_are_counted),
	};

	return RUN_UNIT_TESTS(tests);
}
