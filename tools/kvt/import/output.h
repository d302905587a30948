/* SPDX-License-Identifier: MIT */
/* Puts a capture and its times together and writes them. */
#ifndef KVT_OUTPUT_H
#define KVT_OUTPUT_H

#include <stdbool.h>

struct facts;
struct meta;
struct rendering;
struct outline;

/* The parts of a capture; all of them belong to the caller. */
struct output {
	const char *path;		/* the capture; NULL: stdout */
	const char *times;		/* the file beside it, or NULL */
	char *const *source;		/* files whose hashes it holds */
	int sources;
	const char *machine;		/* what it was recorded on, or NULL */
	const struct meta *meta;
	const struct facts *facts;
	const struct outline *outline;
	struct rendering *lines;	/* and whether they have: */
	bool args;		/* ... arguments */
	bool sites;		/* ... call sites */
	bool attached;		/* the program ran before the recording */
};

/* Writes the capture; a file that cannot be written ends the program. */
void output_capture(const struct output *o);
/* Writes when each record ran, into the file of times. */
void output_times(const struct output *o);

#endif
