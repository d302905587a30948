/* SPDX-License-Identifier: MIT */
/* Allocates memory, or ends the program. */
#ifndef KVT_MEMORY_H
#define KVT_MEMORY_H

#include <stdio.h>

void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* SIZE bytes, not zeroed, for what is large; free() frees them. */
void *xlarge(size_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

#endif
