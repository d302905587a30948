/* SPDX-License-Identifier: MIT */
/*
 * The ids of rows that a strip leads to, for links that work without a script.
 *
 * Nothing here dies.
 */
#ifndef KVT_ROW_ID_H
#define KVT_ROW_ID_H

#include <stdbool.h>

#include "base/markup.h"
#include "capture/capture.h"
#include "view/identity.h"

/* The id of N's row in M, whose tag is open.  A call that stands in no
 * other, as system calls do, has one, and so have the guest's tracepoints, and a
 * row that is CUT, for it stands for all that is below it; others have none. */
void row_id_write(struct markup *m, const struct identities *all,
		  const struct capture *c, const struct node *n, bool cut);

#endif
