/* SPDX-License-Identifier: MIT */
/*
 * How a call looks in a table of calls: as in a tree, with its place, and with
 * a link to its row in the tree of the whole capture.
 *
 * A struct table_page borrows all that it points to.  A function that the index
 * does not have is a name without a link.  Nothing here dies.
 */
#ifndef KVT_TABLE_CALL_H
#define KVT_TABLE_CALL_H

#include "capture/capture.h"
#include "view/html.h"
#include "view/identity.h"

struct table_page {
	struct page page;
	const struct capture *c;	/* folded: view_prepare() */
	const struct identities *identities;
	const char *rows;	/* the page with the rows, or NULL */
};

/* What a row of a table says of a call. */
enum table_part {
	TABLE_BEGIN,		/* the call without its result */
	TABLE_END,		/* its result: "… KVM_RUN = 0" */
	TABLE_WHOLE,
	TABLE_NAME,		/* no arguments and no result */
};

void table_write_call(const struct table_page *p, const struct node *n,
		      enum table_part part);
/* The line of the program, or of the kernel, that made the call. */
void table_write_place(const struct table_page *p, const struct node *n);
/* A link to the row; nothing without ROWS. */
void table_write_link(const struct table_page *p, const struct node *n);
/* TEXT without what a structure holds, " {slot=3, ...}"; to be freed. */
char *without_fields(const char *text);

#endif
