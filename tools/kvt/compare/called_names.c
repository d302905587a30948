// SPDX-License-Identifier: MIT
/* The names of calls, counted. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/called_names.h"

enum { LONGEST_NAME = 64 };	/* letters that we compare */

const char *called_name(const struct node *n, size_t *length)
{
	const char *text = request_of(n, length);

	if (*length)
		return text;
	*length = strlen(n->name);
	return n->name;
}

void called_names_add(struct called_name **all, const struct node *n)
{
	struct called_name *name;
	size_t length;
	const char *text = called_name(n, &length);

	HASH_FIND(hh, *all, text, length, name);
	if (!name) {
		name = xcalloc(1, sizeof(*name));
		name->text = text;
		name->length = length;
		HASH_ADD_KEYPTR(hh, *all, name->text, name->length, name);
	}
	name->count++;
}

void called_names_add_below(struct called_name **all, const struct node *n,
			    bool deep)
{
	for (unsigned int i = 0; i < n->children; i++) {
		bool level = is_level(n->child[i]);

		if (deep || !level)
			called_names_add(all, n->child[i]);
		if (deep || level)
			called_names_add_below(all, n->child[i], deep);
	}
}

void called_names_free(struct called_name **all)
{
	struct called_name *next;

	for (struct called_name *name = *all; name; name = next) {
		next = name->hh.next;
		HASH_DEL(*all, name);
		free(name);
	}
}

/* Counts the letters to change, add or remove to turn A into B. */
static size_t edit_distance(const char *a, size_t as, const char *b, size_t bs)
{
	size_t row[LONGEST_NAME + 1], left, above;

	for (size_t k = 0; k <= bs; k++)
		row[k] = k;
	for (size_t i = 1; i <= as; i++) {
		left = row[0];
		row[0] = i;
		for (size_t k = 1; k <= bs; k++) {
			size_t best = left + (a[i - 1] != b[k - 1]);

			above = row[k];
			best = above + 1 < best ? above + 1 : best;
			best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
			row[k] = best;
			left = above;
		}
	}
	return row[bs];
}

const struct called_name *called_names_alike(const struct called_name *all,
					     const char *text)
{
	size_t size = strlen(text), best = size / 3 + 1;
	const struct called_name *found = NULL;

	if (size > LONGEST_NAME)
		return NULL;
	for (const struct called_name *n = all; n; n = n->hh.next) {
		size_t d;

		if (n->length > LONGEST_NAME)
			continue;
		d = edit_distance(text, size, n->text, n->length);
		if (d < best) {
			best = d;
			found = n;
		}
	}
	return found;
}
