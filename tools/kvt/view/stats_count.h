/* SPDX-License-Identifier: MIT */
/*
 * What kvt stats counts: one walk over a stream, of which it keeps a row a
 * reason, a row an ioctl and a row a thread, whatever the capture's length.
 *
 * stats_count() dies if the times do not fit the capture.  All it returns
 * lasts until stats_free(), which also frees the capture.
 */
#ifndef KVT_STATS_COUNT_H
#define KVT_STATS_COUNT_H

#include <stdbool.h>
#include <uthash.h>

#include "capture/capture.h"
#include "view/durations.h"

enum stats_table { SYSCALLS, EXITS, RETURNS, TABLES };

struct stats_row {
	UT_hash_handle hh;
	char *name;
	enum stats_table table;
	unsigned long count, errors, open;
	unsigned long calls;	/* of kernel functions, inside of them all */
	unsigned long functions;	/* different ones among those */
	struct stats_name *seen;	/* their names */
	struct durations time;
};

struct stats_thread {
	const char *name;
	unsigned long count[TABLES], runs, calls;
};

struct stats {
	struct capture *capture;
	bool timed;
	struct stats_row **row;	/* by table, the most frequent first: stb_ds */
	struct stats_thread *thread;	/* in order: stb_ds */
};

/* Counts what is in the capture FILE; TIMES is a file's name or NULL. */
struct stats stats_count(const char *file, const char *times);
void stats_free(struct stats *s);

#endif
