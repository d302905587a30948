/* SPDX-License-Identifier: MIT */
/*
 * What a view selects of a capture, as a tree for each thread.
 *
 * The trees point to the capture's own nodes, and fold them: they end with
 * selected_free(), before the capture does.
 */
#ifndef KVT_SELECTED_H
#define KVT_SELECTED_H

#include "capture/capture.h"
#include "capture/walk.h"

struct selected_thread {
	const char *name;	/* the capture's */
	unsigned long number;	/* the same; threads are sorted by it */
	struct node root;	/* without a name; has what is selected */
};

/* The threads of which V selects anything: an array of base/vec.h.  BY: some
 * of enum fold_by. */
struct selected_thread *select_calls(const struct capture *c,
				     const struct view *v, unsigned int by);
void selected_free(struct selected_thread *all);

#endif
