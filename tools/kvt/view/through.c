// SPDX-License-Identifier: MIT
/* Levels that stand in one row. */
#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"
#include "view/through.h"

/* The only child of N that is shown, or NULL if that is not one. */
static const struct node *only_shown_child(const struct node *n)
{
	const struct node *only = NULL;

	for (unsigned int i = 0; i < n->children; i++) {
		if (n->child[i]->hidden)
			continue;
		if (only)
			return NULL;
		only = n->child[i];
	}
	return only;
}

const struct node *through_next(const struct node *n)
{
	const struct node *next = is_level(n) ? only_shown_child(n) : NULL;

	/* What repeats has a row that says so. */
	return next && is_level(next) && next->children && next->times <= 1
		? next : NULL;
}

bool through_continues(const struct node *n)
{
	return n->parent && is_level(n) && through_next(n->parent) == n;
}
