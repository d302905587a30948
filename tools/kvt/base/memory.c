// SPDX-License-Identifier: MIT
/* Allocates memory, or ends the program. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/die.h"
#include "base/memory.h"

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

/* Asks for huge pages: page faults are expensive, above all on a virtual
 * machine, and huge pages fill several times as fast. */
void *xlarge(size_t size)
{
	enum { HUGE = 2 << 20 };
	char *p = xrealloc(NULL, size);
	char *from = (char *)(((uintptr_t)p + HUGE - 1) & -(uintptr_t)HUGE);
	char *to = (char *)((uintptr_t)(p + size) & -(uintptr_t)HUGE);

	if (from < to)
		madvise(from, to - from, MADV_HUGEPAGE);
	return p;
}

char *xstrdup(const char *s)
{
	char *p = strdup(s);

	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	if (vasprintf(&p, fmt, ap) < 0)
		die(KVT_FAILED, "out of memory");
	va_end(ap);
	return p;
}
