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
	/* NULL, or whatever marks calls: it returns NULL for one that is
	 * only on the way to one that is meant, else what to put behind it. */
	const char *(*mark)(void *data, const struct node *n);
	void *data;
	bool dim;		/* this line */
	bool cut;		/* what is below it is not shown */
	struct gaps *gaps;	/* to be shown, or NULL */
};

enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED };

extern const struct tree_ops show_ops;	/* their data is a painter */
void show_header(const struct painter *p, const struct capture *c);
/* A call with its arguments and result; and where the source has it. */
void show_call(const struct painter *p, const struct node *n);
void show_place(const struct painter *p, const struct node *n);
/* From here on in PAINT; PLAIN ends that. */
void show_paint(const struct painter *p, enum paint paint);

#endif
