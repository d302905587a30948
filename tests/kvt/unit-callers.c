// SPDX-License-Identifier: MIT
/* Who called: the second tracer's pages, read in step with the first's. */
#define _GNU_SOURCE
#include <event-parse.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "import/callers.h"
#include "kernel/facts.h"
#include "unit.h"

enum { PAGE = 4096, EVENT = 28, FUNCTION = 1, OTHER = 2 };

static const char format[] =
	"name: function\nID: 1\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned long parent_ip;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\nprint fmt: \"\"\n";

static struct facts facts;
static char dir[] = "/tmp/unit-callers-XXXXXX";
static char page[PAGE];
static uint64_t used;

/* A child that dies does not free what it has. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void add_call(int type, int flags, int pid, uint64_t function,
		     uint64_t caller)
{
	char *at = page + 16 + used;
	uint32_t head = 10 << 5 | (EVENT - 4) / 4;

	memcpy(at, &head, 4);
	at[4] = type;
	at[6] = flags;
	memcpy(at + 8, &pid, 4);
	memcpy(at + 12, &function, 8);
	memcpy(at + 20, &caller, 8);
	used += EVENT;
}

/* Opens what add_call() made; MISSED: the page lacks events. */
static struct callers *open_page(bool missed)
{
	uint64_t commit = used | (missed ? 1u << 31 : 0);
	char *path = xasprintf("%s/sites0.raw", dir);

	memcpy(page + 8, &commit, 8);
	write_file(path, page, PAGE);
	free(path);
	memset(page, 0, PAGE);
	used = 0;
	return callers_open(&facts, dir, PAGE);
}

static void test_threads_are_apart(void **state)
{
	struct callers *c;

	(void)state;
	add_call(FUNCTION, 0, 1, 0x100, 0xa1);
	add_call(FUNCTION, 0, 2, 0x200, 0xb1);
	add_call(FUNCTION, 0, 1, 0x300, 0xa2);
	add_call(FUNCTION, 0, 2, 0x100, 0xb2);
	c = open_page(false);
	assert_int_equal(callers_next(c, 2, 0x200), 0xb1);
	assert_int_equal(callers_next(c, 2, 0x100), 0xb2);
	assert_int_equal(callers_next(c, 1, 0x100), 0xa1);
	assert_int_equal(callers_next(c, 1, 0x300), 0xa2);
	callers_finish(c);
	callers_close(c);
}

static void test_interrupts_are_left_out(void **state)
{
	struct callers *c;

	(void)state;
	add_call(FUNCTION, 8, 1, 0x100, 0xa1);	/* in an interrupt */
	add_call(FUNCTION, 64, 1, 0x100, 0xa2);	/* in an NMI */
	add_call(OTHER, 0, 1, 0x100, 0xa3);
	add_call(FUNCTION, 16, 1, 0x100, 0xa4);	/* in a soft interrupt */
	c = open_page(false);
	assert_int_equal(callers_next(c, 1, 0x100), 0xa4);
	callers_close(c);
}

/* Calls wait until somebody asks for them, even many of them. */
static void test_calls_wait(void **state)
{
	struct callers *c;

	(void)state;
	for (int i = 0; i < 70; i++)
		add_call(FUNCTION, 0, 1, 0x100 + i, i);
	add_call(FUNCTION, 0, 2, 0x100, 1);
	c = open_page(false);
	assert_int_equal(callers_next(c, 2, 0x100), 1);
	for (int i = 0; i < 70; i++)
		assert_int_equal(callers_next(c, 1, 0x100 + i), i);
	callers_close(c);
}

/* Returns how a process ends that asks for thread 1's call of 0x100. */
static int asks(bool missed)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int null = dup2(fileno(open_file("/dev/null", "w")), 2);
		struct callers *c = open_page(missed);

		callers_next(c, 1, 0x100);
		callers_finish(c);
		_exit(null == 2 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	memset(page, 0, PAGE);
	used = 0;
	return WEXITSTATUS(status);
}

static void test_tracers_must_agree(void **state)
{
	(void)state;
	add_call(FUNCTION, 0, 1, 0x100, 1);
	assert_int_equal(asks(false), 0);
	add_call(FUNCTION, 0, 1, 0x200, 1);
	assert_int_equal(asks(false), KVT_BAD_CAPTURE);
	add_call(FUNCTION, 0, 2, 0x100, 1);
	assert_int_equal(asks(false), KVT_BAD_CAPTURE);
}

/* Calls that only one side misses are a loss, not a difference. */
static void test_a_loss_is_a_loss(void **state)
{
	(void)state;
	add_call(FUNCTION, 0, 1, 0x200, 1);
	assert_int_equal(asks(true), KVT_LOST);
	add_call(FUNCTION, 0, 1, 0x100, 1);
	assert_int_equal(asks(true), KVT_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_are_apart),
		cmocka_unit_test(test_interrupts_are_left_out),
		cmocka_unit_test(test_calls_wait),
		cmocka_unit_test(test_tracers_must_agree),
		cmocka_unit_test(test_a_loss_is_a_loss),
	};
	char *path;
	int failed;

	if (!mkdtemp(dir))
		return 1;
	facts.tep = tep_alloc();
	tep_set_local_bigendian(facts.tep, TEP_LITTLE_ENDIAN);
	tep_set_file_bigendian(facts.tep, TEP_LITTLE_ENDIAN);
	tep_set_long_size(facts.tep, 8);
	tep_parse_event(facts.tep, format, strlen(format), "ftrace");
	failed = RUN_UNIT_TESTS(tests);
	path = xasprintf("%s/sites0.raw", dir);
	unlink(path);
	rmdir(dir);
	free(path);
	tep_free(facts.tep);
	return failed;
}
