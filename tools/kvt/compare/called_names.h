/* SPDX-License-Identifier: MIT */
/*
 * The names of calls, counted, in the order in which they first came.
 *
 * A table begins as NULL and ends with called_names_free().  Its names point
 * into the capture's tree.  Running out of memory ends the program.
 */
#ifndef KVT_CALLED_NAMES_H
#define KVT_CALLED_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#define uthash_malloc(size) xrealloc(NULL, size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

#include "capture/capture.h"

struct called_name {
	const char *text;	/* not terminated */
	size_t length;
	unsigned long count;
	UT_hash_handle hh;	/* hh.next is the name that came next */
};

/* What a reader calls it: the request of an ioctl, else the name.  Points
 * into N, not terminated. */
const char *called_name(const struct node *n, size_t *length);

/* Counts N itself. */
void called_names_add(struct called_name **all, const struct node *n);
/* Counts what N calls; DEEP: with all below, and levels by their name. */
void called_names_add_below(struct called_name **all, const struct node *n,
			    bool deep);
void called_names_free(struct called_name **all);

/* The name that is most like TEXT, of those in which a third of TEXT's
 * letters or fewer have to change; NULL if there is none. */
const struct called_name *called_names_alike(const struct called_name *all,
					     const char *text);

#endif
