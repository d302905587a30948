// SPDX-License-Identifier: MIT
/* Merges the calls of two captures into one tree, level by level. */
#include <stdbool.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "compare/align.h"
#include "compare/merge.h"
#include "compare/merged.h"
#include "compare/unit.h"

static void add_only(struct merged_call *parent, const struct unit *u, int side)
{
	unsigned int first = arrlen(parent->child);

	for (unsigned int i = 0; i < u->size; i++) {
		struct merged_call *m = merged_add(parent,
						   side ? ONLY_B : ONLY_A);
		const struct node *n = u->node[i];
		struct unit *below = units_of(n->child, n->children, false);

		/* A group has its own count. */
		m->times[side] = u->size > 1 ? 1 : u->times;
		m->of[side] = n;
		m->identity = node_identity(n);
		for (size_t k = 0; k < arrlenu(below); k++)
			add_only(m, &below[k], side);
		arrfree(below);
	}
	if (u->size > 1)
		merged_group(parent, first, side ? 0 : u->times,
			     side ? u->times : 0);
}

/* Adds what is the same to the row before it; ALONE: begins a row. */
static void add_same(struct merged_call *parent, const struct unit *u,
		     const struct unit *v, bool alone)
{
	struct merged_call *row = arrlen(parent->child) ? arrlast(parent->child)
						   : NULL;

	if (alone || !row || row->mark != SAME || row->group > 1)
		row = merged_add(parent, SAME);
	for (unsigned int i = 0; i < u->size; i++) {
		struct merged_call *m = merged_add(row, SAME);

		m->times[0] = m->times[1] = u->times;
		m->of[0] = u->node[i];
		m->of[1] = v->node[i];
	}
}

static void add_both(struct merged_call *parent, const struct unit *u,
		     const struct unit *v, bool args)
{
	const struct node *a = u->node[0], *b = v->node[0];
	struct merged_call *m = merged_add(parent, BOTH);

	m->times[0] = u->times;
	m->times[1] = v->times;
	m->of[0] = a;
	m->of[1] = b;
	if (u->times != v->times || calls_differ(a, b, args))
		m->mark = CHANGED;
	if (node_identity(a) != node_identity(b))
		merge_trees(m, a, b, args);
}

static void add_group(struct merged_call *parent, const struct unit *u,
		      const struct unit *v, bool args);

/* ROUND: A and B are the rounds of a group. */
static void add_units(struct merged_call *parent, struct unit *a,
		      struct unit *b, bool args, bool round)
{
	struct aligned *all = align(a, b);

	for (size_t i = 0; i < arrlenu(all); i++) {
		struct unit *u = all[i].a < 0 ? NULL : &a[all[i].a];
		struct unit *v = all[i].b < 0 ? NULL : &b[all[i].b];

		if (!v)
			add_only(parent, u, 0);
		else if (!u)
			add_only(parent, v, 1);
		else if (unit_likeness(u, v) == UNIT_EQUAL)
			add_same(parent, u, v, round);
		else if (u->size > 1)
			add_group(parent, u, v, args);
		else
			add_both(parent, u, v, args);
	}
	arrfree(all);
}

static void add_group(struct merged_call *parent, const struct unit *u,
		      const struct unit *v, bool args)
{
	unsigned int first = arrlen(parent->child);
	struct unit *a = units_of(u->node, u->size, true);
	struct unit *b = units_of(v->node, v->size, true);

	add_units(parent, a, b, args, true);
	merged_group(parent, first, u->times, v->times);
	arrfree(a);
	arrfree(b);
}

void merge_trees(struct merged_call *root, const struct node *a,
		 const struct node *b, bool args)
{
	struct unit *x = units_of(a->child, a->children, false);
	struct unit *y = units_of(b->child, b->children, false);

	/* Makes a group in one side a group in the other, too. */
	units_regroup(x, y);
	units_regroup(y, x);
	add_units(root, x, y, args, false);
	arrfree(x);
	arrfree(y);
}
