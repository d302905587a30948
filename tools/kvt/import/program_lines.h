/* SPDX-License-Identifier: MIT */
/* Where in the program a system call was made. */
#ifndef KVT_PROGRAM_LINES_H
#define KVT_PROGRAM_LINES_H

#include <stddef.h>
#include <stdint.h>

enum { USER_ADDRESSES = 5 };
struct lines;

/* Asks addr2line for the places of COUNT addresses in PROGRAM. */
struct lines *lines_load(const char *program, const uint64_t *address,
			 size_t count);
/*
 * Where a system call was made: of its return addresses, nearest first,
 * the first that lies in SOURCE[0], else in any SOURCE.  "FILE:LINE" with
 * the source's name as given, to be freed; NULL: nowhere in them.
 */
char *lines_find(const struct lines *l, const uint64_t address[USER_ADDRESSES],
		 char *const *source, int sources);
/* The places of an address that was asked for, what is inlined first:
 * "/PATH:LINE"; returns how many there are. */
int lines_at(const struct lines *l, uint64_t address, char ***frame);
void lines_free(struct lines *l);

/* The addr2line for arm64 programs: $ADDR2LINE, or what is usual. */
const char *addr2line(void);

#endif
