// SPDX-License-Identifier: MIT
/*
 * Unit tests of record/shared.h, in a folder that looks like a kernel's tracer:
 * instances with options of their own, with the machine's, and without.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <tracefs.h>

#include "record/shared.h"

static char root[] = "/tmp/unit-shared-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* Writes VALUE to DIR/options/NAME of the folder, which it makes. */
static void put(const char *dir, const char *name, const char *value)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/options", root, dir);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/options/%s", root, dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", value);
	fclose(f);
}

/* The first byte of that file. */
static char first(const char *dir, const char *name)
{
	char path[256];
	FILE *f;
	int c;

	snprintf(path, sizeof(path), "%s/%s/options/%s", root, dir, name);
	f = fopen(path, "r");
	assert_non_null(f);
	c = fgetc(f);
	fclose(f);
	return c;
}

static int set_up(void **state)
{
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/instances", root);
	mkdir(path, 0777);
	put(".", "funcgraph-args", "0");
	put(".", "funcgraph-retval", "0");
	put(".", "funcgraph-irqs", "1");
	return tracefs_set_tracing_dir(root);
}

static int tear_down(void **state)
{
	(void)state;
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

/* The instance lacks the options: the machine's hold. */
static void test_none(void **state)
{
	struct tracefs_instance *i = tracefs_instance_create("without");
	struct shared_values before = shared_read(NULL);

	(void)state;
	assert_string_equal(before.value, "00-1");
	assert_string_equal(shared_prepare(i).value, "11-0");
	assert_int_equal(first(".", "funcgraph-args"), '1');
	assert_int_equal(first(".", "funcgraph-irqs"), '0');
	shared_write(&before);
	assert_string_equal(shared_read(NULL).value, "00-1");
	tracefs_instance_free(i);
}

/* As in Linux 6.18: the instance's files change the machine's options. */
static void test_one_set(void **state)
{
	struct tracefs_instance *i = tracefs_instance_create("same");
	struct shared_values before = shared_read(NULL);
	char path[64];

	(void)state;
	snprintf(path, sizeof(path), "%s/instances/same/options", root);
	assert_int_equal(symlink("../../options", path), 0);
	assert_string_equal(shared_prepare(i).value, "11-0");
	assert_string_equal(shared_read(NULL).value, "11-0");
	shared_write(&before);
	assert_string_equal(shared_read(i).value, "00-1");
	tracefs_instance_free(i);
}

/* As in Linux 7: the instance has its own, and the machine's stay. */
static void test_own_set(void **state)
{
	struct tracefs_instance *i = tracefs_instance_create("new");

	(void)state;
	put("instances/new", "funcgraph-args", "0");
	put("instances/new", "funcgraph-retval", "1");
	put("instances/new", "funcgraph-irqs", "1");
	assert_string_equal(shared_read(i).value, "01-1");
	assert_string_equal(shared_prepare(i).value, "11-0");
	assert_int_equal(first("instances/new", "funcgraph-args"), '1');
	assert_int_equal(first("instances/new", "funcgraph-irqs"), '0');
	assert_string_equal(shared_read(NULL).value, "00-1");
	tracefs_instance_free(i);
}

/* What holds is what the instance has, whatever is said at the top. */
static void test_read_back(void **state)
{
	struct tracefs_instance *i = tracefs_instance_create("stays");

	(void)state;
	put("instances/stays", "funcgraph-args", "0");
	put(".", "funcgraph-args", "1");
	assert_string_equal(shared_read(i).value, "00-1");
	put(".", "funcgraph-args", "0");
	tracefs_instance_free(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_one_set),
		cmocka_unit_test(test_own_set),
		cmocka_unit_test(test_read_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
