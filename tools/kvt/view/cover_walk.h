/* SPDX-License-Identifier: MIT */
/*
 * Walks the counts, directory by directory and file by file.  A format has a
 * function for each thing that it prints; the others are NULL.  DATA belongs
 * to the format.
 */
#ifndef KVT_COVER_WALK_H
#define KVT_COVER_WALK_H

#include <stddef.h>

#include "view/cover_count.h"

struct cover_format {
	void (*directory)(void *data, const char *name,
			  const struct reach_counts *n);
	void (*directory_end)(void *data);
	void (*file)(void *data, const char *path,
		     const struct reach_counts *n);
	void (*file_end)(void *data);
	/* The functions of a file in one state. */
	void (*group)(void *data, enum reach state, size_t count);
	void (*group_end)(void *data);
	void (*function)(void *data, const struct covered *f);
};

void cover_walk(const struct cover *c, const struct cover_format *f,
		void *data);

#endif
