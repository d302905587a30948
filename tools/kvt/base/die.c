// SPDX-License-Identifier: MIT
/* How kvt ends, and what it says on the way. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"

static void say(const char *fmt, va_list ap)
{
	fflush(stdout);
	fputs("kvt: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void die(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(code);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}
