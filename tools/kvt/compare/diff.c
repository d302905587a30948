// SPDX-License-Identifier: MIT
/*
 * kvt diff: what one capture has that another has not.
 *
 * The calls of both are aligned, level by level, and merged into one tree,
 * whose nodes say what became of them; that tree is then walked like any
 * other.  Rows of repeated calls are aligned as rows: "× 512 | × 3".
 */
#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/number.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/html.h"
#include "view/options.h"
#include "view/show.h"

enum mark {
	SAME,		/* a row of siblings that both have, children and all */
	BOTH,		/* something below it differs */
	CHANGED,	/* itself: how often, or with which result */
	MOVED,
	ONLY_A,
	ONLY_B,
	MARKS
};

/* A node of the merged tree. */
struct pair {
	struct node n;			/* as it is printed; first, for casts */
	enum mark mark;
	unsigned int room;
	unsigned int times[2];		/* in a row, in A and in B */
	unsigned int rounds[2];		/* of the group that begins here */
	const struct node *of[2];	/* NULL where there is none */
	char *note;			/* of what moved: where to, from */
};

/* A call, or a group of them, and how often it comes in a row. */
struct unit {
	struct node **node;
	unsigned int size;
	unsigned int times;
	uint64_t shape;
	uint64_t key;		/* what it is, whatever is below it */
	uint64_t result;	/* if it is one that tells something */
	uint64_t names;		/* a bit for each name below it, or several */
};

struct units {
	struct unit *u;
	size_t count;
};

/* Two units that go together; -1 where one stands alone. */
struct step {
	long a, b;
};

struct steps {
	struct step *s;
	size_t count;
};

/* What the view selects of a thread of one capture. */
struct side {
	const char *name;
	struct node root;
	unsigned int room;
	uint64_t *shape;	/* of all calls, sorted */
	size_t shapes, shape_room;
};

struct sides {
	const struct capture *c;
	struct side *s;
	unsigned int count;
};

/* A thread of both, merged. */
struct merged {
	struct side *side[2];
	struct pair root;
};

struct diff {
	struct capture *c[2];
	struct sides sides[2];
	struct merged *thread;
	unsigned int threads;
	struct view view;
	long nth_b;			/* 0: that of the view for both */
	bool args, html;
	struct painter text;
	struct page page;
	unsigned long skip;		/* levels inside of what is not shown */
	unsigned long calls[MARKS];
};

static struct pair *pair_of(const struct node *n)
{
	return (struct pair *)n;
}

/* --- units ---------------------------------------------------------- */

static uint64_t combine(uint64_t a, uint64_t b)
{
	return (a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2))) *
	       1099511628211u;
}

/* The kind of the descriptor among the arguments: "vcpu, 0" of "5:vcpu, 0";
 * as long as *LENGTH says. */
static const char *kind_of(const struct node *n, int *length)
{
	const char *p = n->kind == NODE_SYSCALL ? n->args : "";

	for (; *p; p++)
		if (isdigit(*p) && p[1] == ':')
			break;
	p += *p ? 2 : 0;
	*length = strcspn(p, ",");
	return p;
}

static uint64_t key_of(const struct node *n)
{
	size_t request_length;
	int kind_length;
	const char *request = request_of(n, &request_length);
	const char *kind = kind_of(n, &kind_length);
	char *text = xasprintf("%d %s %.*s %.*s", n->kind, n->name,
			       (int)request_length, request, kind_length,
			       kind);
	uint64_t key = tree_hash_text(0, text);

	free(text);
	return key;
}

/* Two calls with the same are the same, as far as is asked. */
static uint64_t identity(const struct node *n)
{
	return n->kind == NODE_SYSCALL ? combine(n->shape, key_of(n)) :
					 n->shape;
}

static uint64_t result_of(const struct node *n)
{
	if (n->open)
		return 1;
	return n->result && is_telling(n) ? tree_hash_text(2, n->result) : 0;
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

static void set_unit(struct unit *u, struct node **node, unsigned int size,
		     unsigned int times)
{
	*u = (struct unit){ .node = node, .size = size, .times = times };
	for (unsigned int i = 0; i < size; i++)
		u->shape = combine(u->shape, identity(node[i]));
	u->key = key_of(node[0]);
	u->result = result_of(node[0]);
	u->names = names_below(node[0]);
}

/* ROUND: the calls are one round of a group, and stand once each. */
static struct units units_of(struct node **node, unsigned int count,
			     bool round)
{
	struct units all = { xcalloc(count + 1, sizeof(struct unit)), 0 };

	for (unsigned int i = 0; i < count; ) {
		unsigned int size = round ? 1 : node[i]->group;
		unsigned int times = round ? 1 : node[i]->times;

		set_unit(&all.u[all.count++], node + i, size, times);
		i += size * times;
	}
	return all;
}

/* Do calls that stand once each, from AT on, make one round of GROUP? */
static bool is_round(const struct units *all, size_t at,
		     const struct unit *group)
{
	if (all->count - at < group->size)
		return false;
	for (unsigned int i = 0; i < group->size; i++) {
		const struct unit *u = &all->u[at + i];

		if (u->size != 1 || u->times != 1 ||
		    identity(u->node[0]) != identity(group->node[i]))
			return false;
	}
	return true;
}

/* What is a group in OTHER is one here, too, if it comes only once. */
static void regroup(struct units *all, const struct units *other)
{
	for (size_t g = 0; g < other->count; g++) {
		const struct unit *group = &other->u[g];
		size_t kept = 0;

		if (group->size == 1)
			continue;
		for (size_t i = 0; i < all->count; kept++) {
			bool round = is_round(all, i, group);

			all->u[kept] = all->u[i];
			if (round)
				set_unit(&all->u[kept], all->u[i].node,
					 group->size, 1);
			i += round ? group->size : 1;
		}
		all->count = kept;
	}
}

/* --- alignment ------------------------------------------------------ */

/* How good it is to align two units. */
enum {
	DIFFERENT = 0,
	SAME_NAME = 8,		/* but another result */
	SAME_GROUP = 16,	/* begins alike */
	SAME_CALL = 24,		/* something below it differs */
	BELOW = 16,		/* for what is below, if it is alike */
	OTHER_TIMES = 56,
	EQUAL = 64,
	WINDOW = 2048,		/* units that are aligned at a time */
};

/* How much of what is below both is below either. */
static unsigned int alike_below(const struct unit *u, const struct unit *v)
{
	int all = __builtin_popcountll(u->names | v->names);

	return all ? __builtin_popcountll(u->names & v->names) * BELOW / all :
		     BELOW;
}

static unsigned int likeness(const struct unit *u, const struct unit *v)
{
	if (u->size == v->size && u->shape == v->shape)
		return u->times == v->times ? EQUAL : OTHER_TIMES;
	if (u->key != v->key || (u->size == 1) != (v->size == 1))
		return DIFFERENT;
	return alike_below(u, v) + (u->size > 1 ? SAME_GROUP :
				    u->result == v->result ? SAME_CALL :
							     SAME_NAME);
}

static void add_step(struct steps *all, long a, long b)
{
	all->s[all->count++] = (struct step){ a, b };
}

/* The best that can be made of the first N of A and M of B, from each place
 * to their ends: a weighted longest common subsequence. */
static unsigned int *best_of(const struct unit *a, size_t n,
			     const struct unit *b, size_t m)
{
	unsigned int *best = xcalloc((n + 1) * (m + 1), sizeof(*best));

	for (size_t i = n; i--; )
		for (size_t j = m; j--; ) {
			unsigned int *here = &best[i * (m + 1) + j];
			unsigned int like = likeness(&a[i], &b[j]);
			unsigned int pair = like ? like + here[m + 2] : 0;
			unsigned int skip = here[m + 1] > here[1] ?
					    here[m + 1] : here[1];

			*here = pair > skip ? pair : skip;
		}
	return best;
}

/* Aligns a window, up to where a part of it ends that a cut at its end may
 * have spoilt; moves *AT and *TO behind what is done. */
static void align_window(struct steps *all, const struct units *a, size_t *at,
			 size_t a_end, const struct units *b, size_t *to,
			 size_t b_end)
{
	size_t n = a_end - *at, m = b_end - *to, i = 0, j = 0;
	size_t n_done = n, m_done = m;
	unsigned int *best;

	if (n > WINDOW || m > WINDOW) {
		n = n < WINDOW ? n : WINDOW;
		m = m < WINDOW ? m : WINDOW;
		n_done = n < WINDOW ? n : WINDOW / 2;
		m_done = m < WINDOW ? m : WINDOW / 2;
	}
	best = best_of(a->u + *at, n, b->u + *to, m);
	while ((i < n || j < m) && i <= n_done && j <= m_done) {
		unsigned int *here = &best[i * (m + 1) + j];
		unsigned int like = i < n && j < m ?
			likeness(&a->u[*at + i], &b->u[*to + j]) : 0;

		if (like && *here == like + here[m + 2])
			add_step(all, *at + i++, *to + j++);
		else if (j == m || (i < n && here[m + 1] >= here[1]))
			add_step(all, *at + i++, -1);
		else
			add_step(all, -1, *to + j++);
	}
	free(best);
	*at += i;
	*to += j;
}

static struct steps align(const struct units *a, const struct units *b)
{
	struct steps all = {
		xcalloc(a->count + b->count + 1, sizeof(struct step)), 0
	};
	size_t i = 0, j = 0, n = a->count, m = b->count, tail = 0;

	while (i < n && i < m && likeness(&a->u[i], &b->u[i]) == EQUAL)
		i++;
	for (; j < i; j++)
		add_step(&all, j, j);
	while (i < n - tail && i < m - tail &&
	       likeness(&a->u[n - tail - 1], &b->u[m - tail - 1]) == EQUAL)
		tail++;
	while (i < n - tail || j < m - tail)
		align_window(&all, a, &i, n - tail, b, &j, m - tail);
	while (tail--)
		add_step(&all, i++, j++);
	return all;
}

/* --- merging -------------------------------------------------------- */

static struct pair *append(struct pair *parent, enum mark mark)
{
	struct pair *p = xcalloc(1, sizeof(*p));
	struct node *up = &parent->n;

	p->mark = mark;
	p->n.parent = up;
	p->n.leader = true;
	p->n.times = p->n.group = 1;
	if (up->children == parent->room) {
		parent->room = parent->room * 2 + 4;
		up->child = xrealloc(up->child, parent->room *
					       sizeof(*up->child));
	}
	up->child[up->children++] = &p->n;
	return p;
}

static void free_children(struct pair *p)
{
	for (unsigned int i = 0; i < p->n.children; i++) {
		struct pair *c = pair_of(p->n.child[i]);

		free_children(c);
		free(c->n.name);
		free(c->n.args);
		free(c->n.result);
		free(c->note);
		free(c);
	}
	free(p->n.child);
	p->n.child = NULL;
	p->n.children = 0;
}

static const char *answer(const struct node *n)
{
	return n->open ? "never returned" : n->result ?: "nothing";
}

static bool differ(const char *a, const char *b)
{
	return tree_hash_text(0, a ?: "") != tree_hash_text(0, b ?: "");
}

/* "x=1, y=2 | 3" of the arguments "x=1, y=2" and "x=1, y=3". */
static char *both_args(const char *a, const char *b)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while (*a || *b) {
		size_t n = strcspn(a, ","), m = strcspn(b, ",");
		char *x = xasprintf("%.*s", (int)n, a);
		char *y = xasprintf("%.*s", (int)m, b);
		const char *value = strchr(y, '=');

		fputs(*x ? x : "nothing", out);
		if (differ(x, y))
			fprintf(out, " | %s", value ? value + 1 :
				*y ? y + strspn(y, " ") : "nothing");
		a += n + (a[n] == ',');
		b += m + (b[m] == ',');
		fputs(*a || *b ? "," : "", out);
		free(x);
		free(y);
	}
	fclose(out);
	return text;
}

/* What a line says of a call that both have, A and B. */
static void describe(const struct diff *d, struct pair *p,
		     const struct node *a, const struct node *b)
{
	bool args = d->args && differ(a->args, b->args);
	bool result = result_of(a) != result_of(b) ||
		      (d->args && differ(a->result, b->result));

	p->of[0] = a;
	p->of[1] = b;
	p->n.kind = a->kind;
	p->n.name = xstrdup(a->name);
	p->n.args = args ? both_args(a->args, b->args) : xstrdup(a->args);
	p->n.open = a->open && b->open;
	if (result)
		p->n.result = xasprintf("%s | %s", answer(a), answer(b));
	else if (a->result)
		p->n.result = xstrdup(a->result);
	if (args || result || p->times[0] != p->times[1])
		p->mark = p->mark == BOTH ? CHANGED : p->mark;
}

/* The unit of a step, or NULL. */
static const struct unit *at(const struct units *all, long place)
{
	return place < 0 ? NULL : &all->u[place];
}

static void merge(struct diff *d, struct pair *parent, struct units a,
		  struct units b);

/* The siblings of PARENT from FIRST on are a group. */
static void make_group(struct pair *parent, unsigned int first,
		       unsigned int a, unsigned int b)
{
	struct pair *p = pair_of(parent->n.child[first]);

	for (unsigned int i = first; i < parent->n.children; i++) {
		parent->n.child[i]->group = parent->n.children - first;
		parent->n.child[i]->leader = i == first;
	}
	p->rounds[0] = a;
	p->rounds[1] = b;
}

static void add_only(struct pair *parent, const struct unit *u, int side)
{
	unsigned int first = parent->n.children;
	unsigned int times = u->size > 1 ? 1 : u->times;

	for (unsigned int i = 0; i < u->size; i++) {
		struct pair *p = append(parent, side ? ONLY_B : ONLY_A);
		const struct node *n = u->node[i];
		struct units below = units_of(n->child, n->children, false);

		p->times[side] = times;
		p->of[side] = n;
		p->n.shape = identity(n);
		p->n.line = n->line;
		p->n.kind = n->kind;
		p->n.name = xstrdup(n->name);
		p->n.args = xstrdup(n->args);
		p->n.open = n->open;
		p->n.result = n->result ? xstrdup(n->result) : NULL;
		for (size_t k = 0; k < below.count; k++)
			add_only(p, &below.u[k], side);
		free(below.u);
	}
	if (u->size > 1)
		make_group(parent, first, side ? 0 : u->times,
			   side ? u->times : 0);
}

/* What is the same in a row becomes one node; ALONE: this one does not. */
static void add_same(const struct diff *d, struct pair *parent,
		     const struct unit *u, const struct unit *v, bool alone)
{
	unsigned int last = parent->n.children;
	struct pair *row = last ? pair_of(parent->n.child[last - 1]) : NULL;

	if (alone || !row || row->mark != SAME || row->n.group > 1)
		row = append(parent, SAME);
	for (unsigned int i = 0; i < u->size; i++) {
		struct pair *p = append(row, SAME);

		p->times[0] = p->times[1] = u->times;
		describe(d, p, u->node[i], v->node[i]);
	}
}

static void add_call(struct diff *d, struct pair *parent,
		     const struct unit *u, const struct unit *v)
{
	struct pair *p = append(parent, BOTH);
	const struct node *a = u->node[0], *b = v->node[0];

	p->times[0] = u->times;
	p->times[1] = v->times;
	describe(d, p, a, b);
	if (identity(a) != identity(b))
		merge(d, p, units_of(a->child, a->children, false),
		      units_of(b->child, b->children, false));
}

static void add_group(struct diff *d, struct pair *parent,
		      const struct unit *u, const struct unit *v)
{
	unsigned int first = parent->n.children;
	struct units a = units_of(u->node, u->size, true);
	struct units b = units_of(v->node, v->size, true);
	struct steps all = align(&a, &b);

	for (size_t i = 0; i < all.count; i++) {
		const struct unit *x = at(&a, all.s[i].a);
		const struct unit *y = at(&b, all.s[i].b);

		if (!y)
			add_only(parent, x, 0);
		else if (!x)
			add_only(parent, y, 1);
		else if (likeness(x, y) == EQUAL)
			add_same(d, parent, x, y, true);
		else
			add_call(d, parent, x, y);
	}
	make_group(parent, first, u->times, v->times);
	free(all.s);
	free(a.u);
	free(b.u);
}

/* Adds what A and B have below PARENT; they are freed. */
static void merge(struct diff *d, struct pair *parent, struct units a,
		  struct units b)
{
	struct steps all;

	regroup(&a, &b);
	regroup(&b, &a);
	all = align(&a, &b);
	for (size_t i = 0; i < all.count; i++) {
		const struct unit *u = at(&a, all.s[i].a);
		const struct unit *v = at(&b, all.s[i].b);

		if (!v)
			add_only(parent, u, 0);
		else if (!u)
			add_only(parent, v, 1);
		else if (likeness(u, v) == EQUAL)
			add_same(d, parent, u, v, false);
		else if (u->size > 1)
			add_group(d, parent, u, v);
		else
			add_call(d, parent, u, v);
	}
	free(all.s);
	free(a.u);
	free(b.u);
}

/* --- what moved ----------------------------------------------------- */

struct list {
	struct pair **p;
	size_t count, room;
};

static void list_add(struct list *all, struct pair *p)
{
	if (all->count == all->room)
		all->p = xrealloc(all->p, (all->room = all->room * 2 + 64) *
					  sizeof(*all->p));
	all->p[all->count++] = p;
}

static int by_identity(const void *a, const void *b)
{
	const struct pair *p = *(struct pair **)a, *q = *(struct pair **)b;

	return p->n.shape < q->n.shape ? -1 : p->n.shape > q->n.shape;
}

static int by_identity_in_order(const void *a, const void *b)
{
	const struct pair *p = *(struct pair **)a, *q = *(struct pair **)b;

	return by_identity(a, b) ?:
	       p->n.line < q->n.line ? -1 : p->n.line > q->n.line;
}

static int by_shape(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The name of what calls N, or NULL. */
static char *caller(const struct node *n)
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

static void mark_moved(struct pair *p)
{
	p->mark = MOVED;
	for (unsigned int i = 0; i < p->n.children; i++)
		mark_moved(pair_of(p->n.child[i]));
}

static void move(struct pair *a, struct pair *b)
{
	char *from = caller(a->of[0]), *to = caller(b->of[1]);

	if (from && to && strcmp(from, to)) {
		a->note = xasprintf("moved from here to %s", to);
		b->note = xasprintf("moved here from %s", from);
	} else {
		a->note = xstrdup("moved from here");
		b->note = xstrdup("moved to here");
	}
	a->of[1] = b->of[1];
	b->of[0] = a->of[0];
	mark_moved(a);
	mark_moved(b);
	free(from);
	free(to);
}

static bool is_once(const struct side *s, uint64_t shape)
{
	const uint64_t *found = bsearch(&shape, s->shape, s->shapes,
					sizeof(shape), by_shape);

	return found && (found == s->shape || found[-1] != shape) &&
	       (found + 1 == s->shape + s->shapes || found[1] != shape);
}

/* Calls that only one side has in one place, and the other in another.
 * SIDE: they must be the only ones of their shape in all of a side. */
static void find_moves(struct list *a, struct list *b,
		       struct side *const *side)
{
	if (b->count)
		qsort(b->p, b->count, sizeof(*b->p), by_identity_in_order);
	for (size_t i = 0; i < a->count; i++) {
		struct pair *p = a->p[i], **q;

		if (p->mark != ONLY_A || !b->count ||
		    (side && !(is_once(side[0], p->n.shape) &&
			       is_once(side[1], p->n.shape))))
			continue;
		q = bsearch(&p, b->p, b->count, sizeof(*b->p), by_identity);
		while (q > b->p && !by_identity(&p, q - 1))
			q--;
		if (!q || (*q)->mark != ONLY_B ||
		    p->times[0] != (*q)->times[1])
			continue;
		move(p, *q);
		memmove(q, q + 1, (b->p + --b->count - q) * sizeof(*q));
	}
}

/* Siblings that changed places. */
static void moves_among(struct pair *parent)
{
	struct list only[2] = { 0 };

	for (unsigned int i = 0; i < parent->n.children; i++) {
		struct pair *p = pair_of(parent->n.child[i]);

		if (p->mark == BOTH || p->mark == CHANGED)
			moves_among(p);
		if (p->n.group == 1 && (p->mark == ONLY_A || p->mark == ONLY_B))
			list_add(&only[p->mark == ONLY_B], p);
	}
	find_moves(&only[0], &only[1], NULL);
	free(only[0].p);
	free(only[1].p);
}

static void list_only(struct pair *parent, struct list only[2])
{
	for (unsigned int i = 0; i < parent->n.children; i++) {
		struct pair *p = pair_of(parent->n.child[i]);

		if (p->mark == ONLY_A || p->mark == ONLY_B)
			list_add(&only[p->mark == ONLY_B], p);
		if (p->mark != SAME && p->mark != MOVED)
			list_only(p, only);
	}
}

/* What moved is named where it was and where it is, without its children. */
static void prune_moved(struct pair *parent)
{
	for (unsigned int i = 0; i < parent->n.children; i++) {
		struct pair *p = pair_of(parent->n.child[i]);

		if (p->mark == MOVED)
			free_children(p);
		prune_moved(p);
	}
}

static void add_shape(struct side *s, uint64_t shape)
{
	if (s->shapes == s->shape_room)
		s->shape = xrealloc(s->shape, (s->shape_room =
				    s->shape_room * 2 + 256) *
				    sizeof(*s->shape));
	s->shape[s->shapes++] = shape;
}

/* What repeats counts as there more than once, however often it is. */
static void list_shapes(struct side *s, const struct node *n, bool repeated)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];
		bool again = repeated || c->times > 1;

		if (c->hidden)
			continue;
		add_shape(s, identity(c));
		if (again)
			add_shape(s, identity(c));
		list_shapes(s, c, again);
	}
}

static void mark_moves(struct merged *m)
{
	struct list only[2] = { 0 };

	moves_among(&m->root);
	for (int i = 0; i < 2; i++) {
		struct side *s = m->side[i];

		list_shapes(s, &s->root, false);
		if (s->shapes)
			qsort(s->shape, s->shapes, sizeof(*s->shape), by_shape);
	}
	list_only(&m->root, only);
	find_moves(&only[0], &only[1], m->side);
	free(only[0].p);
	free(only[1].p);
	prune_moved(&m->root);
}

/* --- both captures -------------------------------------------------- */

static struct side *add_side(struct sides *all, const char *name)
{
	all->s = xrealloc(all->s, (all->count + 1) * sizeof(*all->s));
	all->s[all->count] = (struct side){ .name = name };
	return &all->s[all->count++];
}

static void select_thread(void *data, const struct thread *t)
{
	add_side(data, t->name);
}

static void select_call(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct sides *all = data;
	struct side *s;

	(void)depth;
	(void)times;
	(void)below;
	if (level)
		return;
	s = all->count ? &all->s[all->count - 1] :
			 add_side(all, all->c->thread[0].name);
	if (s->root.children == s->room)
		s->root.child = xrealloc(s->root.child, (s->room =
					 s->room * 2 + 64) *
					 sizeof(*s->root.child));
	s->root.child[s->root.children++] = (struct node *)n;
}

static void ignore_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void ignore_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static void ignore_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

/* What the view selects becomes a tree of its own, which is folded. */
static void select_calls(struct diff *d, int i)
{
	static const struct tree_ops ops = {
		select_thread, ignore_group, ignore_end, select_call,
		ignore_leave,
	};
	struct sides *all = &d->sides[i];
	struct view view = {
		.function = d->view.function, .syscall = d->view.syscall,
		.at = d->view.at,
		.nth = i && d->nth_b ? d->nth_b : d->view.nth,
		.depth = 1, .unfold = true, .optional = true,
	};

	all->c = d->c[i];
	tree_walk(d->c[i], &view, &ops, all);
	for (unsigned int k = 0; k < all->count; k++) {
		if (d->args)
			tree_fold_by(&all->s[k].root, FOLD_ARGS);
		else
			tree_fold(&all->s[k].root);
	}
}

static struct side *side_called(const struct sides *all, const char *name)
{
	static struct side none;

	for (unsigned int i = 0; i < all->count; i++)
		if (!strcmp(all->s[i].name, name))
			return &all->s[i];
	return &none;
}

static void add_thread(struct diff *d, struct side *a, struct side *b)
{
	struct merged *m = &d->thread[d->threads++];

	m->side[0] = a;
	m->side[1] = b;
	m->root.mark = BOTH;
	merge(d, &m->root,
	      units_of(a->root.child, a->root.children, false),
	      units_of(b->root.child, b->root.children, false));
	mark_moves(m);
}

/* Threads with the same name go together. */
static void merge_threads(struct diff *d)
{
	struct sides *a = &d->sides[0], *b = &d->sides[1];

	d->thread = xcalloc(a->count + b->count + 1, sizeof(*d->thread));
	for (unsigned int i = 0; i < a->count; i++)
		add_thread(d, &a->s[i], side_called(b, a->s[i].name));
	for (unsigned int i = 0; i < b->count; i++)
		if (!side_called(a, b->s[i].name)->name)
			add_thread(d, side_called(a, b->s[i].name), &b->s[i]);
}

/* --- counting ------------------------------------------------------- */

/* Calls of only one side are counted as often as they come. */
static void count(struct diff *d, const struct pair *parent,
		  const unsigned long times[2])
{
	unsigned int rounds[2] = { 1, 1 };

	for (unsigned int i = 0; i < parent->n.children; i++) {
		const struct pair *p = pair_of(parent->n.child[i]);
		unsigned long here[2];

		for (int k = 0; k < 2; k++) {
			if (p->n.leader)
				rounds[k] = p->n.group > 1 ? p->rounds[k] : 1;
			here[k] = times[k] * rounds[k] * p->times[k];
		}
		if (p->n.leader && p->n.group > 1 && rounds[0] && rounds[1] &&
		    rounds[0] != rounds[1])
			d->calls[CHANGED]++;
		if (p->mark == ONLY_A || p->mark == ONLY_B)
			d->calls[p->mark] += here[p->mark == ONLY_B];
		else
			d->calls[p->mark]++;
		if (p->mark != SAME)
			count(d, p, here);
	}
}

static void count_all(struct diff *d)
{
	static const unsigned long once[2] = { 1, 1 };

	for (unsigned int i = 0; i < d->threads; i++)
		count(d, &d->thread[i].root, once);
	d->calls[MOVED] /= 2;	/* where it was, and where it is */
}

static bool is_different(const struct diff *d)
{
	return d->calls[CHANGED] || d->calls[MOVED] || d->calls[ONLY_A] ||
	       d->calls[ONLY_B];
}

static void put_summary(const struct diff *d)
{
	static const struct {
		enum mark mark;
		const char *text;
	} part[] = {
		{ ONLY_A, "only in A" }, { ONLY_B, "only in B" },
		{ MOVED, "moved" }, { CHANGED, "changed" },
	};
	const char *comma = "";
	unsigned long all = 0;

	for (int i = 0; i < 4; i++) {
		if (!d->calls[part[i].mark])
			continue;
		printf("%s%lu %s", comma, d->calls[part[i].mark],
		       part[i].text);
		comma = ", ";
	}
	for (unsigned int i = 0; i < d->sides[0].count; i++)
		all += tree_count(&d->sides[0].s[i].root);
	if (!*comma)
		printf("no difference in %lu calls, system calls and events",
		       all);
}

/* How many lines of the merged tree below P tell of a difference. */
static unsigned long differences(const struct pair *p)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < p->n.children; i++) {
		const struct pair *c = pair_of(p->n.child[i]);

		sum += c->mark != SAME && c->mark != BOTH;
		sum += c->mark == SAME ? 0 : differences(c);
	}
	return sum;
}

/* What the view's depth leaves out below P. */
static void put_below(const struct pair *p)
{
	unsigned long n;

	if (p->mark == ONLY_A || p->mark == ONLY_B) {
		printf("… %lu below", tree_count(p->of[p->mark == ONLY_B]));
		return;
	}
	n = differences(p);
	printf("… %lu difference%s below", n, n == 1 ? "" : "s");
}

/* How many siblings a row of the same stands for. */
static unsigned long siblings(const struct pair *row)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < row->n.children; i++)
		sum += pair_of(row->n.child[i])->times[0];
	return sum;
}

/* "× 512 | × 3", or "× 2" where both have as many. */
static void put_times(const char *before, const unsigned int times[2],
		      const char *after)
{
	bool only = !times[0] || !times[1];
	unsigned int most = times[0] > times[1] ? times[0] : times[1];

	if (most < 2)
		return;
	if (only || times[0] == times[1])
		printf("%s× %u%s", before, most, after);
	else
		printf("%s× %u | × %u%s", before, times[0], times[1], after);
}

/* What becomes of a group as a whole: that of all its calls, if any. */
static enum mark group_mark(const struct pair *first)
{
	if (!first->rounds[1])
		return ONLY_A;
	if (!first->rounds[0])
		return ONLY_B;
	return first->rounds[0] == first->rounds[1] ? BOTH : CHANGED;
}

/* --- for the terminal ----------------------------------------------- */

static const enum paint paint_of[MARKS] = {
	[SAME] = DIM, [BOTH] = PLAIN, [CHANGED] = YELLOW, [MOVED] = YELLOW,
	[ONLY_A] = RED, [ONLY_B] = GREEN,
};

static void begin_line(const struct diff *d, enum mark mark, long depth)
{
	if (paint_of[mark] != PLAIN)
		show_paint(&d->text, paint_of[mark]);
	putchar("  ~~-+"[mark]);
	printf(" %*s", (int)depth * 2, "");
}

static void end_line(const struct diff *d, enum mark mark)
{
	if (paint_of[mark] != PLAIN)
		show_paint(&d->text, PLAIN);
	putchar('\n');
}

/* In the line's own color. */
static void put_call(const struct diff *d, const struct pair *p)
{
	const struct painter plain = { .symbols = d->text.symbols };

	show_call(&plain, &p->n);
	put_times(" ", p->times, "");
	if (p->note)
		printf("  %s", p->note);
	show_place(&plain, &p->n);
}

static void text_thread(void *data, const struct thread *t)
{
	(void)data;
	printf("  thread %s\n", t->name);
}

static void text_group(void *data, const struct node *first, long depth)
{
	const struct pair *p = pair_of(first);
	enum mark mark = group_mark(p);

	begin_line(data, mark, depth);
	put_times("", p->rounds, ", ");
	printf("the first round of these %u:", first->group);
	end_line(data, mark);
}

static void text_same(const struct diff *d, const struct pair *row,
		      long depth)
{
	const struct pair *only = pair_of(row->n.child[0]);
	unsigned long below = tree_count(only->of[0]);

	begin_line(d, SAME, depth);
	if (row->n.children > 1) {
		printf("… %lu the same", siblings(row));
	} else {
		put_call(d, only);
		if (below)
			printf(" … %lu below", below);
	}
	end_line(d, SAME);
}

static void text_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	const struct pair *p = pair_of(n);
	struct diff *d = data;

	(void)level;
	(void)times;
	if (d->skip || p->mark == SAME) {
		if (!d->skip++)
			text_same(d, p, depth);
		return;
	}
	begin_line(d, p->mark, depth);
	put_call(d, p);
	end_line(d, p->mark);
	if (!below)
		return;
	begin_line(d, SAME, depth + 1);
	put_below(p);
	end_line(d, SAME);
}

static void text_leave(void *data, const struct node *n, long depth)
{
	struct diff *d = data;

	(void)n;
	(void)depth;
	d->skip -= d->skip > 0;
}

static const struct tree_ops text_ops = {
	text_thread, text_group, ignore_end, text_enter, text_leave,
};

static void text_headers(const struct diff *d)
{
	for (int i = 0; i < 2; i++) {
		begin_line(d, i ? ONLY_B : ONLY_A, 0);
		show_header(&(struct painter){ .colour = false }, d->c[i]);
		show_paint(&d->text, PLAIN);
	}
}

/* --- for the book --------------------------------------------------- */

static const char *const class_of[MARKS] = {
	"same", "both", "changed", "moved", "only-a", "only-b",
};

static void put_sign(enum mark mark)
{
	static const char *const sign[MARKS] = {
		[CHANGED] = "~", [MOVED] = "~", [ONLY_A] = "−",
		[ONLY_B] = "+",
	};
	static const char *const title[MARKS] = {
		[CHANGED] = "changed", [MOVED] = "moved",
		[ONLY_A] = "only in A", [ONLY_B] = "only in B",
	};

	if (sign[mark])
		printf("<span class=\"sign\" title=\"%s\">%s</span> ",
		       title[mark], sign[mark]);
}

static void html_line(const struct diff *d, const struct pair *p)
{
	put_sign(p->mark);
	html_call(&d->page, &p->n);
	put_times(" <span class=\"times\">", p->times, "</span>");
	if (p->note) {
		fputs(" <span class=\"note\">", stdout);
		put_text(p->note);
		fputs("</span>", stdout);
	}
	html_place(&d->page, &p->n);
}

static void html_thread(void *data, const struct thread *t)
{
	(void)data;
	printf("<li class=\"thread\">thread %s</li>\n", t->name);
}

static void html_group(void *data, const struct node *first, long depth)
{
	const struct pair *p = pair_of(first);
	enum mark mark = group_mark(p);

	(void)data;
	(void)depth;
	printf("<li class=\"group %s\"><details open><summary>",
	       class_of[mark]);
	put_sign(mark);
	put_times("<span class=\"times\">", p->rounds, ", ");
	printf("the first round of these %u</span></summary><ul>\n",
	       first->group);
}

static void html_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
	fputs("</ul></details></li>\n", stdout);
}

static void html_same(const struct diff *d, const struct pair *row)
{
	bool many = row->n.children > 1;

	if (many)
		printf("<li class=\"same\"><details><summary>… %lu the same"
		       "</summary><ul>\n", siblings(row));
	for (unsigned int i = 0; i < row->n.children; i++) {
		const struct pair *p = pair_of(row->n.child[i]);
		unsigned long below = tree_count(p->of[0]);

		fputs("<li class=\"leaf same\">", stdout);
		html_line(d, p);
		if (below)
			printf(" <span class=\"more\">… %lu below</span>",
			       below);
		fputs("</li>\n", stdout);
	}
	if (many)
		fputs("</ul></details></li>\n", stdout);
}

/* How far below the first call that only one side has. */
static long levels_inside(const struct pair *p)
{
	long levels = 0;

	while (p->n.parent && pair_of(p->n.parent)->mark == p->mark) {
		p = pair_of(p->n.parent);
		levels++;
	}
	return levels;
}

static void html_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	const struct pair *p = pair_of(n);
	struct diff *d = data;
	bool open = p->mark < MOVED || levels_inside(p) < d->page.open;

	(void)depth;
	(void)level;
	(void)times;
	if (d->skip || p->mark == SAME) {
		if (!d->skip++)
			html_same(d, p);
		return;
	}
	printf("<li class=\"%s%s\">", n->children ? "" : "leaf ",
	       class_of[p->mark]);
	if (n->children)
		printf("<details%s><summary>", open && !below ? " open" : "");
	html_line(d, p);
	if (!n->children)
		return;
	fputs("</summary><ul>\n", stdout);
	if (!below)
		return;
	fputs("<li class=\"more\">", stdout);
	put_below(p);
	fputs("</li>\n", stdout);
}

static void html_leave(void *data, const struct node *n, long depth)
{
	struct diff *d = data;

	(void)depth;
	if (d->skip)
		d->skip--;
	else
		fputs(n->children ? "</ul>\n</details></li>\n" : "</li>\n",
		      stdout);
}

static const struct tree_ops html_ops = {
	html_thread, html_group, html_group_end, html_enter, html_leave,
};

static void html_headers(const struct diff *d)
{
	puts("<div class=\"kvt-tree kvt-diff\">");
	for (int i = 0; i < 2; i++) {
		enum mark mark = i ? ONLY_B : ONLY_A;

		printf("<p class=\"%s\">", class_of[mark]);
		put_sign(mark);
		printf("%c: ", "AB"[i]);
		put_text(capture_header(d->c[i], "program") ?: "?");
		fputs(", mode ", stdout);
		put_text(capture_header(d->c[i], "mode") ?: "?");
		puts("</p>");
	}
}

/* --- the command ---------------------------------------------------- */

static void print(struct diff *d)
{
	const struct view view = { .depth = d->view.depth };
	struct capture both = { .file = d->c[0]->file };

	both.thread = xcalloc(d->threads + 1, sizeof(*both.thread));
	both.threads = d->threads;
	for (unsigned int i = 0; i < d->threads; i++) {
		struct merged *m = &d->thread[i];

		both.thread[i].root = m->root.n;
		both.thread[i].name = (char *)(m->side[0]->name ?:
					       m->side[1]->name);
	}
	if (d->html)
		html_headers(d);
	else
		text_headers(d);
	if (is_different(d)) {
		fputs(d->html ? "<ul>\n" : "", stdout);
		tree_walk(&both, &view, d->html ? &html_ops : &text_ops, d);
		fputs(d->html ? "</ul>\n" : "", stdout);
	}
	fputs(d->html ? "<p class=\"summary\">" : "", stdout);
	put_summary(d);
	puts(d->html ? "</p>\n</div>" : "");
	free(both.thread);
}

static void free_diff(struct diff *d)
{
	for (unsigned int i = 0; i < d->threads; i++)
		free_children(&d->thread[i].root);
	free(d->thread);
	for (int i = 0; i < 2; i++) {
		for (unsigned int k = 0; k < d->sides[i].count; k++) {
			free(d->sides[i].s[k].root.child);
			free(d->sides[i].s[k].shape);
		}
		free(d->sides[i].s);
		capture_free(d->c[i]);
	}
}

static const char diff_help[] =
"usage: kvt diff [OPTION]... A B\n"
"\n"
"Prints what the programs, kernels or modes of two captures do differently,\n"
"as a tree: what only A does (-), what only B does (+), and what moved, or\n"
"comes another number of times, or fails in only one of them (~).  A call\n"
"counts as the same if its name is, and whether it fails; for a system call\n"
"also the request and the result.  Of what is the same it says how much.\n"
"Exits 0 if there is no difference, 1 if there is one.\n"
"\n"
"  --args            compare arguments and results, too, but for the numbers\n"
"                    of objects and descriptors\n"
"  --syscall NAME    only this system call, or this ioctl (KVM_CREATE_VM)\n"
"  --at FILE:LINE    only the system calls made there, as in `kvt show`\n"
"  --function NAME   only the calls of this function, and what they call\n"
"  --nth N           only the Nth of those, in A and in B\n"
"  --nth-b N         in B the Nth, where that is another: with A and B the\n"
"                    same capture, two of its calls are compared\n"
"  --depth N         N levels below each; 0, the default: all\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --color WHEN      always, never, or auto: on a terminal, unless\n"
"                    NO_COLOR is set\n"
"  --html            an HTML fragment, which needs --symbols\n"
"  --open N          in HTML: levels of what only one has that are unfolded\n"
"                    at first (default: 1)\n"
"  --source-base URL in HTML: what the links begin with\n";

static void take(void *data, int opt, const char *value)
{
	struct diff *d = data;

	if (opt == 'a')
		d->args = true;
	else if (opt == 'n')
		d->nth_b = parse_number("--nth-b", value, 1, 1000000000);
	else
		d->html = true;
}

static int diff(struct diff *d, char **file)
{
	int different;

	for (int i = 0; i < 2; i++) {
		d->c[i] = capture_read(file[i]);
		tree_flatten(d->c[i]);
		select_calls(d, i);
	}
	if (!tree_shows_all(&d->view) && !d->sides[0].count &&
	    !d->sides[1].count)
		die(KVT_USAGE, "neither %s nor %s has a call that fits%s",
		    file[0], file[1], tree_asked(&d->view));
	merge_threads(d);
	count_all(d);
	print(d);
	different = is_different(d);
	free_diff(d);
	return different ? KVT_DIFFERENT : KVT_OK;
}

int cmd_diff(int argc, char **argv)
{
	static const struct option own[] = {
		{ "args", no_argument, NULL, 'a' },
		{ "nth-b", required_argument, NULL, 'n' },
		{ "html", no_argument, NULL, 'H' },
		{ }
	};
	static const struct command_options options = {
		TAKE_CALLS | TAKE_NTH | TAKE_SYMBOLS | TAKE_COLOUR |
		TAKE_OPEN | TAKE_BASE, own, NULL, take, diff_help,
	};
	struct options o = { .open = 1 };
	struct diff d = { .html = false };
	int status = options_parse(&o, &options, &d, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 2)
		die(KVT_USAGE, "diff takes two captures; see"
		    " 'kvt diff --help'");
	if (d.html && !o.symbols_file)
		die(KVT_USAGE, "diff --html needs --symbols TSV; see"
		    " 'kvt diff --help'");
	d.view = o.view;
	d.text.symbols = options_symbols(&o);
	d.text.colour = o.colour;
	d.page = (struct page){ .symbols = options_symbols(&o),
				.base = o.base, .open = o.open };
	status = diff(&d, argv + optind);
	options_free(&o);
	close_file(stdout, "standard output");
	return status;
}
