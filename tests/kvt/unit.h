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

/* Prints TAP; tests/kvt-unit.t reads it. */
#define RUN_UNIT_TESTS(tests)					\
	(cmocka_set_message_output(CM_OUTPUT_TAP),		\
	 cmocka_run_group_tests(tests, NULL, NULL))

#endif
