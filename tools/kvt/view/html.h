/* SPDX-License-Identifier: MIT */
/* The book's format, for diff, too. */
#ifndef KVT_HTML_H
#define KVT_HTML_H

#include <stdbool.h>

#include "capture/capture.h"
#include "kernel/symbols.h"

struct capture;
struct gaps;
struct node;
struct symbols;

struct page {
	const struct symbols *symbols;
	const char *base;	/* of links to the source; ends in a slash */
	long open;		/* levels that are unfolded at first */
	bool cut;		/* what is below the call is not shown */
	long inside;		/* calls that are entered and not left */
	const struct capture *capture;	/* that a whole tree is of */
	struct gaps *gaps;	/* to be shown, or NULL */
};

extern const char html_source_base[];	/* when nothing else is asked for */

void html_call(const struct page *p, const struct node *n);
void html_place(const struct page *p, const struct node *n);

#endif
