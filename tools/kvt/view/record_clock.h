/* SPDX-License-Identifier: MIT */
/*
 * Which record a call is, and when it ran.
 *
 * A record's number is its place among all records of the capture, from 1;
 * levels are no records.  Where a walk sees all records they are counted as
 * they come; where it sees a selection, they keep the numbers they have in
 * the whole, which takes a table of all of them.
 *
 * record_clock_open() dies if a file of times does not fit the capture; all
 * it returns is freed by record_clock_close().
 */
#ifndef KVT_RECORD_CLOCK_H
#define KVT_RECORD_CLOCK_H

#include <stdbool.h>

#include "capture/capture.h"
#include "capture/times.h"

struct record_clock {
	struct record_time *moment;	/* by number; NULL: no times */
	unsigned long *number_at;	/* by line; NULL: records are counted */
	unsigned long number;		/* of the record entered last */
};

/* TIMES is the file's name or NULL; ALL: the walk will see all records. */
struct record_clock record_clock_open(const struct capture *c,
				      const char *times, bool all);
/* A walk enters N. */
void record_clock_enter(struct record_clock *clock, const struct node *n);
/* The times of N, which was just entered; NULL if there are none. */
const struct record_time *record_clock_now(const struct record_clock *clock,
					   const struct node *n);
/*
 * The same in ns for whatever must have a time: a level lasts from the begin
 * of its first call to the end of its last one; without times, the record's
 * number and how many records are in it count as us.
 */
struct record_time record_clock_span(const struct record_clock *clock,
				     const struct node *n);
void record_clock_close(struct record_clock *clock);

#endif
