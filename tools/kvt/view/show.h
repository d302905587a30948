/* SPDX-License-Identifier: MIT */
/*
 * How a call looks on a terminal: kvt show, object, diff and claim show the
 * same.  A painter borrows all that it points to; everything goes to stdout.
 */
#ifndef KVT_SHOW_H
#define KVT_SHOW_H

#include <stdbool.h>

#include "capture/capture.h"
#include "capture/walk.h"
#include "kernel/symbols.h"

struct capture;
struct gaps;
struct node;
struct symbols;

struct painter {
	const struct symbols *symbols;
	bool colour;
	bool legend;		/* explain the marks of levels */
	/* Marks calls; or NULL.  It returns NULL for a call that only leads to
	 * a marked one, else the text to print after the call. */
	const char *(*mark)(void *data, const struct node *n);
	void *data;
	bool dim;		/* print this line dim */
	bool cut;		/* the view hides its children */
	struct gaps *gaps;	/* the gaps to show, or NULL */
};

enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED };

extern const struct tree_ops show_ops;	/* data: a painter */
void show_header(const struct painter *p, const struct capture *c);
/* Print a call with its arguments and result; and its place in the source. */
void show_call(const struct painter *p, const struct node *n);
void show_place(const struct painter *p, const struct node *n);
/* Prints in PAINT from here on; PLAIN ends that. */
void show_paint(const struct painter *p, enum paint paint);

#endif
