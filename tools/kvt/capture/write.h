/* SPDX-License-Identifier: MIT */
/*
 * Writes the .kvt format, the only place that does.
 *
 * A struct call_writer turns calls, as they begin and end, into the lines of
 * one thread.  Whether a call has anything inside need not be known when it
 * begins: its line stays open until the next call begins or this one ends.
 * The strings of a node are used during the call only.
 *
 * A struct call_writer begins as { .rows.out = OUT } and ends with
 * call_writer_free().  Its lines reach OUT folded, and at the latest when an
 * outermost call ends.
 */
#ifndef KVT_WRITE_H
#define KVT_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "capture/capture.h"
#include "capture/rows.h"
#include "capture/walk.h"

struct call_writer {
	struct rows rows;
	long depth;		/* calls that are open */
	bool line_open;		/* the last line has no end yet */
};

/* N begins: its kind, name, arguments, and place count. */
void call_begins(struct call_writer *w, const struct node *n);
/* N, the call that began last of those that are open, ends: its result, and
 * whether it never returned. */
void call_ends(struct call_writer *w, const struct node *n);
void call_writer_free(struct call_writer *w);

/* Writes what VIEW selects as a capture of its own; if VIEW unfolds, without
 * rows.  Errors of OUT are the caller's. */
void capture_write(FILE *out, const struct capture *c,
		   const struct view *view);

#endif
