// SPDX-License-Identifier: MIT
/* What the formats of kvt diff have in common: numbers, as text. */
#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/walk.h"
#include "compare/diff_format.h"
#include "compare/merged.h"

/* Counts the lines below M, in the merged tree, that show a difference. */
static unsigned long differences(const struct merged_call *m)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < arrlen(m->child); i++) {
		const struct merged_call *c = m->child[i];

		sum += c->mark != SAME && c->mark != BOTH;
		sum += c->mark == SAME ? 0 : differences(c);
	}
	return sum;
}

char *diff_below(const struct merged_call *m)
{
	unsigned long n;

	if (is_only(m))
		return xasprintf("… %lu below",
				 tree_count(m->of[m->mark == ONLY_B]));
	n = differences(m);
	return xasprintf("… %lu difference%s below", n, n == 1 ? "" : "s");
}

unsigned long diff_siblings(const struct merged_call *row)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < arrlen(row->child); i++)
		sum += row->child[i]->times[0];
	return sum;
}

char *diff_times(const unsigned int times[2])
{
	bool only = !times[0] || !times[1];
	unsigned int most = times[0] > times[1] ? times[0] : times[1];

	if (most < 2)
		return xstrdup("");
	if (only || times[0] == times[1])
		return xasprintf("× %u", most);
	return xasprintf("× %u | × %u", times[0], times[1]);
}
