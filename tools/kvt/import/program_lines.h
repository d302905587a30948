/* SPDX-License-Identifier: MIT */
/*
 * Where in the program a system call was made.
 *
 * Nothing here dies but for want of memory: a program that cannot be read has
 * no lines, and a warning says so.
 */
#ifndef KVT_PROGRAM_LINES_H
#define KVT_PROGRAM_LINES_H

#include <stdint.h>

enum { USER_ADDRESSES = 5 };

struct program_lines;
struct program_lines *program_lines_open(const char *program);
/*
 * Where a system call was made: of its return addresses, nearest first, the
 * first that lies in SOURCE[0], else in the next SOURCE.  Returns "FILE:LINE"
 * with the source's name as it was given, to be freed by the caller; NULL when
 * no address lies in any of them.
 */
char *program_lines_find(struct program_lines *l,
			 const uint64_t address[USER_ADDRESSES],
			 char *const *source, int sources);
void program_lines_close(struct program_lines *l);

#endif
