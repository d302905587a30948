/* SPDX-License-Identifier: MIT */
/* Prints to stdout what kvt cover has counted, in one of its formats. */
#ifndef KVT_COVER_PRINT_H
#define KVT_COVER_PRINT_H

#include <stdbool.h>

#include "view/cover_count.h"

/* How the HTML is to be. */
struct cover_page {
	const char *base;	/* of links to the source; ends in a slash */
	bool pages;		/* link programs to their pages */
	bool sections;		/* an array in JSON, of the parts that begin
				 * with a heading: id, title, html */
};

/* FUNCTIONS: list each file's. */
void cover_text(const struct cover *c, bool functions);
void cover_json(const struct cover *c);
void cover_html(const struct cover *c, const struct cover_page *page);

#endif
