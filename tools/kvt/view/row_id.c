// SPDX-License-Identifier: MIT
/* The ids of rows that a strip leads to. */
#include <stdbool.h>
#include <stdlib.h>

#include "base/markup.h"
#include "capture/capture.h"
#include "view/identity.h"
#include "view/reason.h"
#include "view/row_id.h"

void row_id_write(struct markup *m, const struct identities *all,
		  const struct capture *c, const struct node *n, bool cut)
{
	bool outermost = !identity_recorded(n->parent);
	char *anchor;

	if (is_level(n) || (!outermost && !cut && !is_guest_event(n)))
		return;
	anchor = identity_link(all, c, n);
	markup_attribute(m, "id", anchor);
	free(anchor);
}
