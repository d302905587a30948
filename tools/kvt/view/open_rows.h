/* SPDX-License-Identifier: MIT */
/*
 * Which rows of a tree are unfolded at first.
 *
 * Of a long tree a reader sees some thirty rows: the way to the calls that the
 * text names, then what stands at the top.  open_rows_of() walks the capture
 * as tree_walk() does, and finds it out; it dies as tree_walk() does.  The
 * walk that draws the tree then asks once for each group and each call, in the
 * order in which it meets them.  open_rows_free() takes NULL.
 */
#ifndef KVT_OPEN_ROWS_H
#define KVT_OPEN_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"
#include "capture/walk.h"

struct open_rows;

struct open_rows_wanted {
	const char **named;	/* the calls that the text names: stb_ds */
	long rows;		/* to be seen at most; 0: as many as there are */
	long levels;		/* to be unfolded at most, but for those named */
};

/* Both that are passed last must outlive the rows. */
struct open_rows *open_rows_of(const struct capture *c, const struct view *v,
			       const struct open_rows_wanted *wanted);
void open_rows_free(struct open_rows *all);
/* Is the row that the walk meets next unfolded? */
bool open_rows_next(struct open_rows *all);
/* Does the text name N, or a level in its row?  A system call is not meant,
 * since its tree is below its name. */
bool open_rows_named(const struct open_rows *all, const struct node *n);
/* How many rows are to be seen at first. */
size_t open_rows_seen(const struct open_rows *all);

#endif
