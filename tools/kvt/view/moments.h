/* SPDX-License-Identifier: MIT */
/*
 * The moments of a capture's calls, in the order of time.
 *
 * A call has two moments, its begin and its end; a tracepoint has one; a
 * level has none.  A capture tells each thread by itself.  How the threads
 * took turns is known from the times that were recorded with it, or from a
 * file of turns that was made of these: a line a turn, "THREAD\tCOUNT", says
 * how many moments of that thread come next.
 *
 * Functions that take a file die if it does not fit the capture.  The array is the
 * caller's (arrfree()); it points into the capture.
 */
#ifndef KVT_MOMENTS_H
#define KVT_MOMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"

struct call_moment {
	const struct node *call;
	const struct thread *thread;
	bool ends;
	uint64_t time;		/* ns; 0 where only turns are known */
	unsigned long turn;	/* from 1 */
};

/* The same of a capture that has a single thread. */
struct call_moment *moments_of_thread(const struct thread *t);
struct call_moment *moments_by_times(const struct capture *c, const char *file);
struct call_moment *moments_by_turns(const struct capture *c, const char *file);
/* "2-6" of --turns; all of them if TEXT is NULL.  Dies of another form. */
void moments_parse_turns(const char *text, unsigned long *first,
			 unsigned long *last);

#endif
