/* SPDX-License-Identifier: MIT */
/*
 * Puts the steps of a recording that stay into the lines of a capture.
 *
 * The text of each thread grows by itself, in memory and then in a temporary
 * file, since a capture has one thread after the other.
 */
#ifndef KVT_RENDER_H
#define KVT_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/spool.h"

struct callers;
struct facts;
struct fds;
struct program_lines;
struct outline;
struct sites;
struct raw_steps;

/* What we make the lines from; all of it belongs to the caller. */
struct render_from {
	struct raw_steps *steps;		/* at the first step */
	const struct outline *outline;	/* of these steps */
	const struct facts *facts;
	struct fds *fds;	/* what was open when the recording began */
	bool args, retval;	/* what was recorded of calls */
	struct callers *callers;	/* who called; NULL: not recorded */
	struct sites *sites;		/* of the kernel, with CALLERS */
	struct program_lines *lines;	/* of the program, or NULL */
	char *const *source;		/* the files that lines may be of */
	int sources;
	bool times;		/* keep when each record ran */
};

/* When a record began and how long it took, in ns. */
struct record_span {
	uint64_t start, duration;
	int64_t cpu;
};

struct rendered_thread {
	struct spool text;	/* its lines; empty: nothing stays of it */
	struct spool times;	/* a struct record_span each of its records */
};

struct rendering {
	struct rendered_thread *thread;	/* by number; stb_ds */
	unsigned long records;
	struct spools *spools;
};

/* Reads all steps.  Ends with rendering_free(). */
struct rendering *render(const struct render_from *from);
void rendering_free(struct rendering *r);

#endif
