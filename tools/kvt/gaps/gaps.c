// SPDX-License-Identifier: MIT
/*
 * Finds the places of gaps in a tree.
 *
 * The calls below a function that tell where they were made cut its run into
 * windows.  In each of them the ways through the function say which gaps can
 * lie there, and which must.  A gap is shown once in a call, and entering the
 * guest in each window: a loop comes by it again and again.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/gaps.h"
#include "gaps/ways.h"

enum { MAX_LEVELS = 32 };

/* A gap, and the node in HOST that it comes before; NULL: after all. */
struct placed {
	struct gap_shown shown;
	const struct node *host, *before;
	size_t order;		/* in the table */
	bool told;
};

/* A node that the walk has entered. */
struct standing {
	const struct node *node;
	struct placed *placed;	/* stb_ds; of the call that it belongs to, */
	bool owns;		/* which is this one */
};

/* A call below the function, with its call site. */
struct located {
	const struct node *node;
	int call;		/* as ways_calls() has it */
};

struct gaps {
	struct gap_table *table;
	struct standing *stack;		/* stb_ds */
	/* while the places in a call are found */
	const struct gap_function *function;
	struct ways *ways;		/* for the call's arguments; or NULL */
	const struct node *call;
	struct located *located;	/* stb_ds */
	bool *closed;			/* by chain: the tree shows it, or no
					 * way comes by it */
};

struct gaps *gaps_beside(const char *symbols)
{
	struct gaps *g = xcalloc(1, sizeof(*g));

	g->table = gap_table_beside(symbols);
	return g;
}

struct gaps *gaps_choose(struct gaps *g, const struct capture *c)
{
	if (!g || gap_table_choose(g->table, c))
		return g;
	gaps_free(g);
	return NULL;
}

/* --- levels --------------------------------------------------------- */

static const struct node *call_of(const struct node *n)
{
	while (n && n->kind == NODE_INLINED)
		n = n->parent;
	return n;
}

/* The levels around N in its call, the outermost first. */
static int levels_around(const struct node *n,
			 const struct node *level[MAX_LEVELS])
{
	int count = 0, skip;

	for (const struct node *p = n->parent; p->kind == NODE_INLINED;
	     p = p->parent)
		count++;
	skip = count > MAX_LEVELS ? count - MAX_LEVELS : 0;
	count -= skip;
	n = n->parent;
	for (int i = count; i--; n = n->parent)
		level[i] = n;
	return count;
}

static bool is_step(const struct gap_step *s, const struct node *n)
{
	return n->kind == NODE_INLINED && !strcmp(s->name, n->name) &&
	       n->place && !strcmp(s->call, n->place);
}

/* How many levels around N the gap leads through, from the outermost on. */
static int shared_steps(const struct gap_chain *gap,
			const struct node *const *level, int count)
{
	int n = 0;

	while (n < count && n < gap->steps && is_step(&gap->step[n], level[n]))
		n++;
	return n;
}

/* The node in HOST that N is, or is below. */
static const struct node *child_towards(const struct node *host,
					const struct node *n)
{
	while (n && n->parent != host)
		n = n->parent;
	return n;
}

/* Finds the next visible node after N in HOST, or NULL. */
static const struct node *shown_from(const struct node *host, size_t index)
{
	while (index < host->children && host->child[index]->hidden)
		index++;
	return index < host->children ? host->child[index] : NULL;
}

/* Returns N, a node of HOST, or the next visible node after it. */
static const struct node *shown_at(const struct node *host,
				   const struct node *n)
{
	return n->hidden ? shown_from(host, n->index) : n;
}

static const struct node *shown_behind(const struct node *host,
				       const struct node *n)
{
	size_t i = host->children;

	while (i && host->child[i - 1] != n)
		i--;
	return shown_from(host, i);
}

/* --- calls that tell where they were made --------------------------- */

/* The places of N and of the levels around it, the outermost first. */
static char *all_places(const struct node *n)
{
	const struct node *level[MAX_LEVELS];
	int count = levels_around(n, level);
	struct buf b = { .text = NULL };

	for (int i = 0; i < count; i++)
		buf_printf(&b, "%s ", level[i]->place ?: "-");
	buf_puts(&b, n->place);
	return buf_take(&b);
}

static void add_located(struct gaps *g, const struct node *n)
{
	int call = WAYS_ANYWHERE;

	if (g->ways) {
		char *place = all_places(n);

		call = ways_calls(g->ways, n->name, place);
		free(place);
		if (call == WAYS_ANYWHERE)
			return;
	}
	arrput(g->located, ((struct located){ n, call }));
}

/* Marks the gaps that the tree shows as N, a call or a level. */
static void close_gaps(struct gaps *g, const struct node *n)
{
	const struct node *level[MAX_LEVELS];
	int count = levels_around(n, level);

	for (size_t i = 0; i < arrlenu(g->function->chain); i++) {
		const struct gap_chain *gap = g->function->chain[i];

		if (gap->steps != 1 && !gap_is_inlined(gap))
			continue;
		if (n->kind == NODE_CALL ? gap_is_inlined(gap) || count ||
					   strcmp(gap->step[0].name, n->name) :
		    gap->steps != count + 1 ||
		    shared_steps(gap, level, count) != count ||
		    !is_step(&gap->step[count], n))
			continue;
		g->closed[i] = true;
	}
}

/* Marks the gaps that the call's arguments rule out. */
static void close_unreached(struct gaps *g)
{
	for (size_t i = 0; g->ways && i < arrlenu(g->function->chain); i++)
		g->closed[i] |= !ways_have_gap(g->ways, i);
}

/* Finds the calls below HOST that the function made itself. */
static void locate_calls(struct gaps *g, const struct node *host)
{
	for (unsigned int i = 0; i < host->children; i++) {
		const struct node *n = host->child[i];

		if (n->kind == NODE_CALL || n->kind == NODE_INLINED)
			close_gaps(g, n);
		if (n->kind == NODE_INLINED)
			locate_calls(g, n);
		else if (n->kind == NODE_CALL && n->place &&
			 gap_table_has_sites(g->table))
			add_located(g, n);
	}
}

/* --- windows -------------------------------------------------------- */

/* Between two calls, or the beginning or the end of the function. */
struct window {
	const struct node *after, *before;	/* NULL: an end */
	const unsigned char *certainty;		/* by chain; NULL: unknown */
};

/* The place in a window where we show a gap. */
struct gap_spot {
	const struct node *host, *before;
	int depth;		/* of the host */
	bool fits;		/* the source agrees */
	bool hidden;		/* in a round that is not shown */
};

/* "PATH:LINE" a before b?  False where the files differ. */
static bool is_before_in_file(const char *a, const char *b)
{
	const char *x = a ? strrchr(a, ':') : NULL;
	const char *y = b ? strrchr(b, ':') : NULL;

	return x && y && x - a == y - b && !strncmp(a, b, x - a) &&
	       atol(x + 1) < atol(y + 1);
}

static bool is_same_file(const char *a, const char *b)
{
	size_t n = a ? strcspn(a, ":") : 0;

	return a && b && n == strcspn(b, ":") && !strncmp(a, b, n);
}

/* Does the call in the source stand between those of the window? */
static bool fits_source(const struct gap_spot *s, const struct window *w,
			const char *call)
{
	const struct node *after = w->after ?
		child_towards(s->host, w->after) : NULL;
	const struct node *before = w->before ?
		child_towards(s->host, w->before) : NULL;

	if (after && is_same_file(after->place, call) &&
	    is_before_in_file(call, after->place))
		return false;
	return !before || is_before_in_file(call, before->place);
}

/*
 * The deepest level of the window that the gap leads through, and the place
 * there.  A window may end one level and begin another; the source then
 * decides which of them it is.  A gap that the tree shows as a level is closed,
 * and does not come here.
 */
static struct gap_spot spot_in(const struct gaps *g, const struct window *w,
			   const struct gap_chain *gap)
{
	const struct node *last[MAX_LEVELS], *next[MAX_LEVELS];
	int lasts = w->after ? levels_around(w->after, last) : 0;
	int nexts = w->before ? levels_around(w->before, next) : 0;
	int in_last = shared_steps(gap, last, lasts);
	int in_next = shared_steps(gap, next, nexts);
	struct gap_spot s = { .host = g->call, .depth = in_next };
	const struct node *towards;

	if (in_last > in_next) {
		s.depth = in_last;
		s.host = last[in_last - 1];
	} else if (in_next) {
		s.host = next[in_next - 1];
	}
	if (w->before && child_towards(s.host, w->before)) {
		towards = child_towards(s.host, w->before);
		s.before = shown_at(s.host, towards);
		s.hidden = towards->hidden;
	} else if (w->after && w->before) {
		towards = child_towards(s.host, w->after);
		s.before = shown_behind(s.host, towards);
	}
	s.fits = fits_source(&s, w, gap->step[s.depth].call);
	return s;
}

static void place_gap(const struct gaps *g, struct placed **to, size_t chain,
		      const struct gap_spot *s, bool ran)
{
	arrput(*to, ((struct placed){
		.shown = { g->function->chain[chain], s->depth, ran },
		.host = s->host, .before = s->before, .order = chain,
	}));
}

/* The better of two windows: where the gap ran, then a round that is shown,
 * then the deeper level, then what fits the source. */
static int worth(const struct gap_spot *s, bool ran)
{
	return ran * 4 * MAX_LEVELS + !s->hidden * 2 * MAX_LEVELS +
	       s->depth * 2 + s->fits;
}

static void place_in_windows(struct gaps *g, struct placed **to, size_t chain,
			     const struct window *window)
{
	const struct gap_chain *gap = g->function->chain[chain];
	bool again = gap_runs_guest(gap), best_ran = false;
	struct gap_spot best = { .host = NULL };

	for (size_t i = 0; i < arrlenu(window); i++) {
		const struct window *w = &window[i];
		bool ran = w->certainty && w->certainty[chain] == SURELY;
		struct gap_spot s;

		if (w->certainty && !w->certainty[chain])
			continue;
		s = spot_in(g, w, gap);
		if (!w->certainty && !s.fits)
			continue;
		if (again && !s.hidden)
			place_gap(g, to, chain, &s, ran);
		if (again)
			continue;
		if (!best.host || worth(&s, ran) > worth(&best, best_ran)) {
			best = s;
			best_ran = ran;
		}
	}
	if (best.host)
		place_gap(g, to, chain, &best, best_ran);
}

/* The windows of the call, by the calls in it that were located. */
static struct window *find_windows(struct gaps *g)
{
	struct ways *ways = g->ways;
	size_t count = arrlenu(g->located);
	struct window *window = NULL;

	for (size_t i = 0; i <= count; i++) {
		struct window w = { .certainty = NULL };
		int from = WAYS_END, to = WAYS_END;

		if (i) {
			w.after = g->located[i - 1].node;
			from = g->located[i - 1].call;
		}
		if (i < count) {
			w.before = g->located[i].node;
			to = g->located[i].call;
		} else if (g->call->open) {
			to = WAYS_ANYWHERE;
		}
		if (ways && gap_table_has_sites(g->table))
			w.certainty = ways_between(ways, from, to);
		arrput(window, w);
	}
	return window;
}

/* --- places --------------------------------------------------------- */

static int by_place_in_tree(const void *a, const void *b)
{
	const struct placed *p = a, *q = b;

	if (p->host != q->host)
		return p->host < q->host ? -1 : 1;
	if (p->before != q->before)
		return p->before < q->before ? -1 : 1;
	return p->order < q->order ? -1 : p->order > q->order;
}

/* Where nothing is known of call sites, all gaps come first. */
static void place_first(struct gaps *g, struct placed **to)
{
	struct gap_spot s = { .host = g->call };

	s.before = shown_from(g->call, 0);
	for (size_t i = 0; i < arrlenu(g->function->chain); i++)
		if (!g->closed[i])
			place_gap(g, to, i, &s, false);
}

/* The gaps of the call N. */
static struct placed *find_placed(struct gaps *g, const struct node *n)
{
	struct placed *placed = NULL;
	struct window *window;

	g->function = gap_table_function(g->table, n->name);
	if (!g->function)
		return NULL;
	g->call = n;
	g->ways = gap_function_ways(g->function, n->args ?: "");
	arrsetlen(g->located, 0);
	g->closed = xcalloc(arrlen(g->function->chain), sizeof(*g->closed));
	close_unreached(g);
	locate_calls(g, n);
	if (!gap_table_has_sites(g->table)) {
		place_first(g, &placed);
	} else {
		window = find_windows(g);
		for (size_t i = 0; i < arrlenu(g->function->chain); i++)
			if (!g->closed[i])
				place_in_windows(g, &placed, i, window);
		arrfree(window);
	}
	free(g->closed);
	if (placed)
		qsort(placed, arrlen(placed), sizeof(*placed),
		      by_place_in_tree);
	return placed;
}

/* --- while a tree is walked ----------------------------------------- */

void gaps_enter(struct gaps *g, const struct node *n)
{
	struct standing s = { .node = n };

	if (!g)
		return;
	if (n->kind == NODE_CALL) {
		s.placed = find_placed(g, n);
		s.owns = true;
	} else if (n->kind == NODE_INLINED) {
		const struct node *call = call_of(n);

		/* The walk may begin in the middle of a call. */
		if (arrlen(g->stack) &&
		    call_of(arrlast(g->stack).node) == call) {
			s.placed = arrlast(g->stack).placed;
		} else if (call && call->kind == NODE_CALL) {
			s.placed = find_placed(g, call);
			s.owns = true;
		}
	}
	arrput(g->stack, s);
}

void gaps_leave(struct gaps *g)
{
	struct standing s;

	if (!g || !arrlen(g->stack))
		return;
	s = arrpop(g->stack);
	if (s.owns)
		arrfree(s.placed);
}

/* The first that is not before HOST and BEFORE in order. */
static size_t first_placed(const struct placed *p, const struct node *host,
			   const struct node *before)
{
	size_t low = 0, high = arrlenu(p);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p[mid].host < host ||
		    (p[mid].host == host && p[mid].before < before))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void gaps_before(struct gaps *g, const struct node *child, gap_each *each,
		 void *data, long depth)
{
	const struct standing *s = g && arrlen(g->stack) ?
				   &arrlast(g->stack) : NULL;
	struct placed *p;
	size_t i;

	if (!s || (child && child->parent != s->node))
		return;
	p = s->placed;
	for (i = first_placed(p, s->node, child);
	     i < arrlenu(p) && p[i].host == s->node && p[i].before == child;
	     i++) {
		if (!p[i].told)
			each(data, &p[i].shown, depth);
		p[i].told = true;
	}
}

static bool is_in(const struct node *n, const struct node *host)
{
	while (n && n != host)
		n = n->parent;
	return n;
}

void gaps_below(struct gaps *g, gap_each *each, void *data, long depth)
{
	const struct standing *s = g && arrlen(g->stack) ?
				   &arrlast(g->stack) : NULL;
	size_t count = s ? arrlenu(s->placed) : 0, last = 0;
	struct placed *one = NULL;

	for (size_t i = 0; i < count; i++)
		if (is_in(s->placed[i].host, s->node) &&
		    !gap_is_inlined(s->placed[i].shown.gap))
			arrput(one, s->placed[i]);
	/* In the order of the table, each of them once. */
	for (size_t i = 0; i < arrlenu(one); i++)
		one[i].host = one[i].before = NULL;
	if (one)
		qsort(one, arrlen(one), sizeof(*one), by_place_in_tree);
	for (size_t i = 0; i < arrlenu(one); i++) {
		if (!i || one[i].order != last)
			each(data, &one[i].shown, depth);
		last = one[i].order;
	}
	arrfree(one);
}

bool gaps_any(const struct gaps *g)
{
	const struct standing *s = g && arrlen(g->stack) ?
				   &arrlast(g->stack) : NULL;
	size_t count = s ? arrlenu(s->placed) : 0;

	for (size_t i = 0; i < count; i++)
		if (is_in(s->placed[i].host, s->node))
			return true;
	return false;
}

const char *gap_words(const struct gap_shown *s)
{
	if (gap_is_inlined(s->gap))
		return s->ran ? "ran, inlined" : "may run, inlined";
	return s->ran ? "called, unseen" : "may call, unseen";
}

void gaps_free(struct gaps *g)
{
	if (!g)
		return;
	while (arrlen(g->stack))
		gaps_leave(g);
	arrfree(g->stack);
	arrfree(g->located);
	gap_table_free(g->table);
	free(g);
}
