/* SPDX-License-Identifier: MIT */
/* The calls that make a claim true, and the way to each. */
#ifndef KVT_CLAIM_SHOW_H
#define KVT_CLAIM_SHOW_H

#include "capture/capture.h"
#include "compare/claim_parse.h"
#include "view/html.h"
#include "view/show.h"

/*
 * Prints them: as HTML on PAGE, or with PAINTER to standard output if PAGE is
 * NULL.  SCOPE, an array of base/vec.h, are the calls that the facts are
 * about, or NULL for the whole capture.
 */
void claim_show(const struct capture *capture, const struct claim *c,
		const struct node *const *scope, const struct page *page,
		const struct painter *painter);

#endif
