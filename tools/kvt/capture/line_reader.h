/* SPDX-License-Identifier: MIT */
/*
 * Makes nodes of a capture's lines.  Only the files that read captures
 * include this.
 *
 * A struct line_reader begins as zeroes but for its capture, and ends with
 * line_reader_free(), which frees its own arrays; the nodes belong to the
 * capture.  A line that does not fit those around it ends the program with
 * KVT_BAD_CAPTURE.
 */
#ifndef KVT_LINE_READER_H
#define KVT_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

enum { MAX_DEPTH = 1000 };

struct line_reader {
	const struct capture *c;
	struct capture *fill;	/* C, or NULL: its header and threads are
				 * known from an earlier reading */
	unsigned int line, depth, threads;
	unsigned int unfolded;	/* the line, if no call stood for a row */
	unsigned long records, before;	/* the thread began */
	unsigned long next_thread;	/* the lowest number it may have */
	struct node *now;	/* the call that is open, or a thread's root */
	/* The children of all open calls (an array of base/vec.h), and where
	 * in it the children of each call begin. */
	struct node **child;
	size_t first[MAX_DEPTH + 1];
	unsigned int times[MAX_DEPTH + 1];	/* how often each call comes */
};

/* LINE has a NUL in place of its newline.  Nodes point into it, and bytes
 * of it are overwritten. */
void line_reader_take(struct line_reader *r, char *line);
/* After the last line: the last thread gets its children. */
void line_reader_end(struct line_reader *r);
void line_reader_free(struct line_reader *r);

#endif
