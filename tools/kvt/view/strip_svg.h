/* SPDX-License-Identifier: MIT */
/*
 * A strip as HTML: a list whose items are SVGs, one a round, that stand side
 * by side and wrap as words do.  Each step is a link to its row.
 *
 * A struct strip_page borrows all that it points to.  Nothing here dies.
 */
#ifndef KVT_STRIP_SVG_H
#define KVT_STRIP_SVG_H

#include "base/markup.h"
#include "view/identity.h"
#include "view/strip_steps.h"

struct strip_page {
	const struct strip *strip;
	const struct identities *identities;
	const char *page;	/* what links begin with: "11-run-tree.html";
				 * "" for the page itself, NULL for no links */
};

void strip_write_svg(struct markup *m, const struct strip_page *p);
/* What a reader who does not see hears of a step; to be freed. */
char *strip_step_text(const struct strip_step *step);

#endif
