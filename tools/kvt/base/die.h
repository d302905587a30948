/* SPDX-License-Identifier: MIT */
/* How kvt ends, and what it says on the way. */
#ifndef KVT_DIE_H
#define KVT_DIE_H

#include <stdio.h>

/* Exit codes, the same for every subcommand. */
enum {
	KVT_OK = 0,
	KVT_DIFFERENT = 1,	/* compare, diff: captures differ; claim: false;
				 * check: the program has changed */
	KVT_USAGE = 2,		/* the command line is wrong */
	KVT_BAD_CAPTURE = 3,	/* the capture is truncated or altered */
	KVT_LOST = 4,		/* the kernel lost events: no capture */
	KVT_FAILED = 5,		/* anything else; the message says what */
};

/* Prints "kvt: MESSAGE" on stderr and exits with CODE; does not return. */
void die(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
