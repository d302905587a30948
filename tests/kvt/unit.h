/* SPDX-License-Identifier: MIT */
/*
 * What every tests/kvt/unit-MODULE.c needs: cmocka, behind the headers that it
 * wants to come first, and a main() in one line.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* Checks the text that CALL, which has a FILE *out, writes. */
#define WRITES(call, wanted)					\
	do {							\
		char *text;					\
		size_t size;					\
		FILE *out = open_memstream(&text, &size);	\
		call;						\
		fclose(out);					\
		assert_string_equal(text, wanted);		\
		free(text);					\
	} while (0)

/* Checks the text that CALL, which has a struct buf *out, appends; for those
 * who include base/buf.h. */
#define APPENDS(call, wanted)					\
	do {							\
		struct buf text_ = { 0 }, *out = &text_;	\
		call;						\
		assert_string_equal(out->text ? out->text : "",	\
				    wanted);			\
		buf_free(out);					\
	} while (0)

/* Runs F, which may die(), in a process of its own, with OUT as its output. */
static inline int status_of(void (*f)(void), int out)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
		f();
		fflush(stdout);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The code that F exits with; 0 if it returns. */
static inline int exit_code_of(void (*f)(void))
{
	FILE *out = tmpfile();
	int code = status_of(f, fileno(out));

	fclose(out);
	return code;
}

/* What F prints, on either stream; to be freed. */
static inline char *output_of(void (*f)(void))
{
	FILE *out = tmpfile();
	char *text = calloc(1, 4096);

	status_of(f, fileno(out));
	rewind(out);
	if (!fread(text, 1, 4095, out))
		text[0] = '\0';
	fclose(out);
	return text;
}

/* Prints TAP; tests/kvt-unit.t reads it. */
#define RUN_UNIT_TESTS(tests)					\
	(cmocka_set_message_output(CM_OUTPUT_TAP),		\
	 cmocka_run_group_tests(tests, NULL, NULL))

#endif
