/* SPDX-License-Identifier: MIT */
/*
 * Where objects of the kernel end: a table of functions.
 *
 * The table is constant and belongs to nobody.
 */
#ifndef KVT_ENDS_H
#define KVT_ENDS_H

/* When FUNCTION returns, the object that its argument ARG (from 0) points to
 * is gone. */
struct object_end {
	const char *function;
	int arg;
	const char *type;	/* as in a capture */
};

/* Ends with a row without a function. */
extern const struct object_end object_ends[];

#endif
