/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzers share.  The linker's --wrap puts these between kvt and
 * the C library: die() comes back to the fuzzer instead of ending the
 * process, and what kvt allocated is known, so that it can be given back
 * after a die(), and must be gone after a capture_free().
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "capture/capture.h"

static jmp_buf died;
static int died_code;
static char died_message[512];

/* What is allocated, oldest first. */
static void **live;
static size_t lives, live_room;
static FILE *open_in;		/* by open_file() */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
char *__real_strdup(const char *s);
int __real_vasprintf(char **out, const char *fmt, va_list ap);
ssize_t __real_getline(char **buf, size_t *room, FILE *in);
FILE *__real_open_file(const char *path, const char *mode);

/* Says which property is false, and stops the fuzzer. */
static inline void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: does not hold: %s\nfuzz: died with %d: %s\n",
		what, died_code, died_message);
	abort();
}

void __wrap_die(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(died_message, sizeof(died_message), fmt, ap);
	va_end(ap);
	died_code = code;
	longjmp(died, 1);
}

static void *add_live(void *p)
{
	if (lives == live_room)
		live = __real_realloc(live, (live_room = live_room * 2 + 64) *
					    sizeof(*live));
	if (p)
		live[lives++] = p;
	return p;
}

static void drop_live(const void *p)
{
	for (size_t i = lives; p && i--; )
		if (live[i] == p) {
			memmove(live + i, live + i + 1,
				(--lives - i) * sizeof(*live));
			return;
		}
}

static inline void free_live(void)
{
	while (lives)
		__real_free(live[--lives]);
	if (open_in)
		fclose(open_in);
	open_in = NULL;
}

void *__wrap_malloc(size_t size)
{
	return add_live(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return add_live(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
	drop_live(p);
	return add_live(__real_realloc(p, size));
}

void __wrap_free(void *p)
{
	drop_live(p);
	__real_free(p);
}

char *__wrap_strdup(const char *s)
{
	return add_live(__real_strdup(s));
}

int __wrap_vasprintf(char **out, const char *fmt, va_list ap)
{
	int n = __real_vasprintf(out, fmt, ap);

	add_live(*out);
	return n;
}

ssize_t __wrap_getline(char **buf, size_t *room, FILE *in)
{
	ssize_t n;

	drop_live(*buf);
	n = __real_getline(buf, room, in);
	add_live(*buf);
	return n;
}

FILE *__wrap_open_file(const char *path, const char *mode)
{
	return open_in = __real_open_file(path, mode);
}

#endif
