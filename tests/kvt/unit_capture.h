/* SPDX-License-Identifier: MIT */
/* A capture made of a few lines, for unit tests; include unit.h first. */
#ifndef UNIT_CAPTURE_H
#define UNIT_CAPTURE_H

#include "base/memory.h"
#include "base/sha256.h"
#include "capture/capture.h"

/* How many of the lines of a thread are records: not "}", "~", "?", and none
 * stands for a row. */
static inline unsigned long records_in(const char *lines)
{
	unsigned long count = 0;

	for (const char *p = lines; *p; p++) {
		p += strspn(p, " ");
		count += !strchr("}~?", *p) && strncmp(p, "thread ", 7) != 0;
		p += strcspn(p, "\n");
	}
	return count;
}

/* Reads LINES, each with its newline, as those of thread 0; more threads may
 * begin in them.  The end line counts RECORDS.  To be freed with
 * capture_free(). */
static inline struct capture *capture_with(unsigned long records,
					   const char *lines)
{
	static const char head[] = "kvt 1\nmode vhe\nfeatures sites\nthread 0\n";
	char hex[65];
	char *text = xasprintf("%s%s", head, lines), *whole;

	sha256_hex(text, strlen(text), hex);
	whole = xasprintf("%send %lu sha256:%s\n", text, records, hex);
	free(text);
	return capture_read_text("unit", whole, strlen(whole));
}

/* The same; the end line counts the records in LINES. */
static inline struct capture *capture_of(const char *lines)
{
	return capture_with(records_in(lines), lines);
}

#endif
