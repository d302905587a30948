// SPDX-License-Identifier: MIT
/* The row of a folded tree that shows a call. */
#include "capture/capture.h"
#include "view/shown_row.h"

/* The sibling in the first round of N's group. */
static const struct node *in_first_round(const struct node *n)
{
	while (n->hidden)
		n = n->parent->child[n->index - n->group];
	return n;
}

/* Rounds have the same shape, so the way down is the same in the first. */
const struct node *shown_row(const struct node *n, const struct node *top)
{
	const struct node *in;

	if (!n->name || n == top)
		return n;
	in = shown_row(n->parent, top);
	if (n->index >= in->children)
		return in;
	return in_first_round(in->child[n->index]);
}
