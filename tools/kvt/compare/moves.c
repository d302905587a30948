// SPDX-License-Identifier: MIT
/* Which calls moved. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/merged.h"
#include "compare/moves.h"
#include "compare/unit.h"

/* --- a pair --------------------------------------------------------- */

/* Returns the name of N's caller, or NULL. */
static char *name_of_caller(const struct node *n)
{
	const struct node *up = n->parent;
	size_t length;
	const char *request;

	if (!up || !up->name)
		return NULL;
	request = request_of(up, &length);
	return length ? xasprintf("%.*s", (int)length, request) :
			xasprintf("%s()", up->name);
}

static void mark_moved(struct merged_call *m)
{
	m->mark = MOVED;
	for (unsigned int i = 0; i < arrlen(m->child); i++)
		mark_moved(m->child[i]);
}

static void pair_up(struct merged_call *a, struct merged_call *b)
{
	char *from = name_of_caller(a->of[0]), *to = name_of_caller(b->of[1]);

	if (from && to && strcmp(from, to)) {
		a->note = xasprintf("moved from here to %s", to);
		b->note = xasprintf("moved here from %s", from);
	} else {
		a->note = xstrdup("moved from here");
		b->note = xstrdup("moved to here");
	}
	mark_moved(a);
	mark_moved(b);
	free(from);
	free(to);
}

/* --- candidates ----------------------------------------------------- */

/* A call that only one side has: what, how often in a row, and where. */
struct candidate {
	struct merged_call *m;
	uint64_t identity;
	unsigned int times, line;
};

static struct candidate candidate_of(struct merged_call *m)
{
	bool of_b = m->mark == ONLY_B;

	return (struct candidate){
		m, m->identity, m->times[of_b], m->of[of_b]->line,
	};
}

static int by_identity_and_times(const void *a, const void *b)
{
	const struct candidate *p = a, *q = b;

	if (p->identity != q->identity)
		return p->identity < q->identity ? -1 : 1;
	return p->times < q->times ? -1 : p->times > q->times;
}

static int in_order(const void *a, const void *b)
{
	const struct candidate *p = a, *q = b;

	return by_identity_and_times(a, b) ?:
	       p->line < q->line ? -1 : p->line > q->line;
}

/* Does the sorted array have SHAPE exactly once? */
static bool is_once(const uint64_t *shapes, uint64_t shape)
{
	size_t count = arrlen(shapes), low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (shapes[mid] < shape)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && shapes[low] == shape &&
	       (low + 1 == count || shapes[low + 1] != shape);
}

/* The first of B, sorted, that A can be paired with; NULL if there is none.
 * NEXT, by place in B: how many of the equal ones from there on were tried. */
static struct candidate *partner_of(const struct candidate *a,
				    struct candidate *b, size_t *next)
{
	size_t low = 0, high = arrlen(b), i;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_identity_and_times(&b[mid], a) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (i = low + (low < arrlenu(b) ? next[low] : 0);
	     i < arrlenu(b) && !by_identity_and_times(&b[i], a); i++) {
		next[low]++;
		if (b[i].m->mark == ONLY_B)
			return &b[i];
	}
	return NULL;
}

/* Pairs what only A has with what only B has.  SHAPES: those of all calls of
 * A and of B, among which a call must be the only one of its shape; or NULL. */
static void pair_candidates(struct candidate *a, struct candidate *b,
			    uint64_t *const *shapes)
{
	size_t *next = xcalloc(arrlen(b) + 1, sizeof(*next));

	if (b)
		qsort(b, arrlen(b), sizeof(*b), in_order);
	for (size_t i = 0; b && i < arrlenu(a); i++) {
		struct candidate *q;

		/* Did it move along with its caller? */
		if (a[i].m->mark != ONLY_A)
			continue;
		if (shapes && !(is_once(shapes[0], a[i].identity) &&
				is_once(shapes[1], a[i].identity)))
			continue;
		q = partner_of(&a[i], b, next);
		if (q)
			pair_up(a[i].m, q->m);
	}
	free(next);
}

/* --- where ---------------------------------------------------------- */

static void add_candidate(struct candidate *only[2], struct merged_call *m)
{
	arrput(only[m->mark == ONLY_B], candidate_of(m));
}

static void free_candidates(struct candidate *only[2])
{
	arrfree(only[0]);
	arrfree(only[1]);
}

/* Pairs siblings that changed places. */
static void pair_siblings(struct merged_call *parent)
{
	struct candidate *only[2] = { NULL, NULL };

	for (unsigned int i = 0; i < arrlen(parent->child); i++) {
		struct merged_call *m = parent->child[i];

		if (m->mark == BOTH || m->mark == CHANGED)
			pair_siblings(m);
		else if (is_only(m) && m->group == 1)
			add_candidate(only, m);
	}
	pair_candidates(only[0], only[1], NULL);
	free_candidates(only);
}

static void list_candidates(struct merged_call *parent,
			    struct candidate *only[2])
{
	for (unsigned int i = 0; i < arrlen(parent->child); i++) {
		struct merged_call *m = parent->child[i];

		if (is_only(m))
			add_candidate(only, m);
		if (m->mark != SAME && m->mark != MOVED)
			list_candidates(m, only);
	}
}

/* A call that repeats counts as more than one. */
static void list_shapes(uint64_t **shapes, const struct node *n,
			bool repeated)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];
		bool again = repeated || c->times > 1;

		if (c->hidden)
			continue;
		arrput(*shapes, node_identity(c));
		if (again)
			arrput(*shapes, node_identity(c));
		list_shapes(shapes, c, again);
	}
}

static int by_shape(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Collects the shapes of all calls of a tree, sorted, in an array. */
static uint64_t *shapes_of(const struct node *root)
{
	uint64_t *shapes = NULL;

	list_shapes(&shapes, root, false);
	if (shapes)
		qsort(shapes, arrlen(shapes), sizeof(*shapes), by_shape);
	return shapes;
}

/* Pairs calls anywhere that are unique. */
static void pair_unique(struct merged_call *root, const struct node *a,
			const struct node *b)
{
	struct candidate *only[2] = { NULL, NULL };

	list_candidates(root, only);
	if (only[0] && only[1]) {
		uint64_t *shapes[2] = { shapes_of(a), shapes_of(b) };

		pair_candidates(only[0], only[1], shapes);
		arrfree(shapes[0]);
		arrfree(shapes[1]);
	}
	free_candidates(only);
}

/* Shows a moved call in both places, without its children. */
static void prune_moved(struct merged_call *parent)
{
	for (unsigned int i = 0; i < arrlen(parent->child); i++) {
		struct merged_call *m = parent->child[i];

		if (m->mark == MOVED)
			merged_free(m);
		prune_moved(m);
	}
}

void mark_moves(struct merged_call *root, const struct node *a,
		const struct node *b)
{
	pair_siblings(root);
	pair_unique(root, a, b);
	prune_moved(root);
}
