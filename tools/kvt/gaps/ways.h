/* SPDX-License-Identifier: MIT */
/*
 * The ways through a function: which gaps lie between two of the calls that a
 * capture shows.
 *
 * The rows of gaps.tsv make a graph; its strings are the table's.  Nothing
 * here dies but for want of memory, except that ways_add() returns false for a
 * row that is none.  A struct ways belongs to its maker; ways_free() ends it.
 */
#ifndef KVT_WAYS_H
#define KVT_WAYS_H

#include <stdbool.h>
#include <stddef.h>

/* Does a gap run between two calls? */
enum certainty { NEVER, MAYBE, SURELY };

struct ways;
/* Of a function with that many GAPS, which are numbered from 0. */
struct ways *ways_new(size_t gaps);
/* Adds the row NUMBER, the next one: a stop of that KIND, and what comes next
 * behind it, as in the table. */
bool ways_add(struct ways *w, const char *number, const char *name,
	      const char *kind, const char *place, char *next);
/* Are all the stops that others lead to there? */
bool ways_whole(const struct ways *w);
/* The gap NUMBER runs at the stops of NAME and PLACE. */
void ways_set_gap(struct ways *w, size_t number, const char *name,
		  const char *place);
/* Does any way come by the gap? */
bool ways_have_gap(const struct ways *w, size_t number);
/*
 * The stops at which the function CALLED can have been called from the place
 * PLACE, the places of all levels with spaces between, as a number for
 * ways_between().  WAYS_ANYWHERE: no stop fits.
 */
enum { WAYS_ANYWHERE = -1, WAYS_END = -2 };
int ways_calls(struct ways *w, const char *called, const char *place);
/*
 * What runs after the calls FROM and before the calls TO where no other call
 * that a capture would show was made: the certainty of each gap.  WAYS_END is
 * the beginning or the end of the function.  A TO of WAYS_ANYWHERE: the
 * recording ended there.  NULL: the code has no such way.  Valid until
 * ways_free().
 */
const unsigned char *ways_between(struct ways *w, int from, int to);
void ways_free(struct ways *w);

#endif
