/* SPDX-License-Identifier: MIT */
/* Prints to stdout what kvt cover has counted, in one of its formats. */
#ifndef KVT_COVER_PRINT_H
#define KVT_COVER_PRINT_H

#include <stdbool.h>

#include "view/cover_count.h"

/* Options of the HTML. */
struct cover_page {
	const char *base;	/* beginning of links to the source */
	bool pages;		/* link programs to their pages */
	bool sections;		/* a JSON array of sections */
};

/* FUNCTIONS: list the functions of each file. */
void cover_text(const struct cover *c, bool functions);
void cover_json(const struct cover *c);
void cover_html(const struct cover *c, const struct cover_page *page);

#endif
