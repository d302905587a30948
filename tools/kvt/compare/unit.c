// SPDX-License-Identifier: MIT
/* What two rows of siblings are compared by. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/unit.h"

static uint64_t combine(uint64_t a, uint64_t b)
{
	return (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) *
	       1099511628211u;
}

/* The kind of the first descriptor among the arguments, "vcpu" of
 * "5:vcpu, 0"; points into them, and has *LENGTH bytes. */
static const char *descriptor_kind(const struct node *n, size_t *length)
{
	const char *p = n->kind == NODE_SYSCALL ? n->args : "";

	for (; *p; p++)
		if (*p >= '0' && *p <= '9' && p[1] == ':')
			break;
	p += *p ? 2 : 0;
	*length = strcspn(p, ",");
	return p;
}

static uint64_t node_key(const struct node *n)
{
	size_t request_length, kind_length;
	const char *request = request_of(n, &request_length);
	const char *kind = descriptor_kind(n, &kind_length);
	uint64_t hash = tree_hash_text(n->kind, n->name);

	hash = tree_hash_part(hash, request, request_length);
	return tree_hash_part(hash, kind, kind_length);
}

uint64_t node_identity(const struct node *n)
{
	return n->kind == NODE_SYSCALL ? combine(n->shape, node_key(n)) :
					 n->shape;
}

uint64_t node_result(const struct node *n)
{
	if (n->open)
		return 1;
	return n->result && is_telling(n) ? tree_hash_text(2, n->result) : 0;
}

/* --- units ---------------------------------------------------------- */

static struct unit make_unit(struct node *const *node, unsigned int size,
			     unsigned int times)
{
	struct unit u = { .node = node, .size = size, .times = times };

	for (unsigned int i = 0; i < size; i++)
		u.shape = combine(u.shape, node_identity(node[i]));
	u.key = node_key(node[0]);
	u.result = node_result(node[0]);
	return u;
}

struct unit *units_of(struct node *const *node, unsigned int count,
		      bool round)
{
	struct unit *units = NULL;

	for (unsigned int i = 0; i < count; ) {
		unsigned int size = round ? 1 : node[i]->group;
		unsigned int times = round ? 1 : node[i]->times;

		arrput(units, make_unit(node + i, size, times));
		i += size * times;
	}
	return units;
}

static uint64_t names_below(const struct node *n)
{
	uint64_t names = 0;

	for (unsigned int i = 0; i < n->children; i++)
		if (!n->child[i]->hidden)
			names |= names_below(n->child[i]) |
				 1ull << (tree_hash_text(0, n->child[i]->name) %
					  64);
	return names;
}

static uint64_t unit_names(struct unit *u)
{
	if (!u->has_names)
		u->names = names_below(u->node[0]);
	u->has_names = true;
	return u->names;
}

unsigned int units_alike_below(struct unit *u, struct unit *v,
			       unsigned int most)
{
	uint64_t a = unit_names(u), b = unit_names(v);
	int all = __builtin_popcountll(a | b);

	return all ? __builtin_popcountll(a & b) * most / all : most;
}

/* --- groups that come once ------------------------------------------ */

enum { MAX_GROUP = 256 };	/* a group's size is a byte */

/* A place where calls that come once each would make one round of a group. */
struct round {
	uint64_t shape;		/* of the unit that they would make */
	size_t at;
	bool searched;		/* of the first of this shape: all are taken */
};

static int by_shape_and_place(const void *a, const void *b)
{
	const struct round *x = a, *y = b;

	if (x->shape != y->shape)
		return x->shape < y->shape ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_single(const struct unit *u)
{
	return u->size == 1 && u->times == 1;
}

/* All rounds of SIZE calls, sorted by shape: an array. */
static struct round *rounds_of_size(const struct unit *units, unsigned int size)
{
	struct round *all = NULL;
	size_t singles = 0;	/* rounds in a row, up to here */

	for (size_t i = 0; i < arrlenu(units); i++) {
		struct round r = { .at = i + 1 - size };

		singles = is_single(&units[i]) ? singles + 1 : 0;
		if (singles < size)
			continue;
		for (unsigned int k = 0; k < size; k++)
			r.shape = combine(r.shape, node_identity(
						units[r.at + k].node[0]));
		arrput(all, r);
	}
	if (all)
		qsort(all, arrlen(all), sizeof(*all), by_shape_and_place);
	return all;
}

struct regrouping {
	struct unit *units;
	struct round *rounds[MAX_GROUP];	/* by size; made when needed */
	bool counted[MAX_GROUP];
	bool *used;			/* by index: in a round already */
	unsigned char *begins;		/* by index: size of the round */
	bool any;
};

static void claim_round(struct regrouping *g, size_t at, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		if (g->used[at + i])
			return;
	memset(g->used + at, true, size);
	g->begins[at] = size;
	g->any = true;
}

/* Finds all rounds of GROUP, from left to right. */
static void claim_rounds(struct regrouping *g, const struct unit *group)
{
	unsigned int size = group->size;
	struct round *rounds;
	size_t i;

	if (!g->counted[size])
		g->rounds[size] = rounds_of_size(g->units, size);
	g->counted[size] = true;
	rounds = g->rounds[size];
	i = lower_bound(rounds, arrlenu(rounds), shape, group->shape);
	if (i == arrlenu(rounds) || rounds[i].searched)
		return;
	rounds[i].searched = true;
	for (; i < arrlenu(rounds) && rounds[i].shape == group->shape;
	     i++)
		claim_round(g, rounds[i].at, size);
}

static void merge_rounds(struct regrouping *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < arrlenu(g->units); kept++) {
		unsigned int size = g->begins[i];

		g->units[kept] = size ? make_unit(g->units[i].node, size, 1) :
					g->units[i];
		i += size ?: 1;
	}
	arrsetlen(g->units, kept);
}

void units_regroup(struct unit *units, const struct unit *other)
{
	struct regrouping g = { .units = units };

	for (size_t i = 0; i < arrlenu(other); i++) {
		if (other[i].size == 1)
			continue;
		if (!g.used) {
			g.used = xcalloc(arrlen(units), 1);
			g.begins = xcalloc(arrlen(units), 1);
		}
		claim_rounds(&g, &other[i]);
	}
	if (g.any)
		merge_rounds(&g);
	for (unsigned int i = 0; i < MAX_GROUP; i++)
		arrfree(g.rounds[i]);
	free(g.used);
	free(g.begins);
}
