// SPDX-License-Identifier: MIT
/* Aligns the units of two captures. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/vec.h"
#include "compare/align.h"

enum {
	EXACT = 512 * 512,	/* compare all pairs of units up to here */
	WINDOW = 256,		/* else align so many units of each side */
	MAX_CUTS = 16,		/* how often anchors may cut a piece again */
};

/* A piece to align: A from I up to N, B from J up to M. */
struct stretch {
	size_t i, n, j, m;
};

struct alignment {
	struct unit *a, *b;
	struct aligned *done;
};

unsigned int unit_likeness(struct unit *u, struct unit *v)
{
	if (u->size == v->size && u->shape == v->shape)
		return u->times == v->times ? UNIT_EQUAL : UNIT_OTHER_TIMES;
	if (u->key != v->key || (u->size == 1) != (v->size == 1))
		return UNIT_DIFFERENT;
	return units_alike_below(u, v, UNIT_BELOW) +
	       (u->size > 1 ? UNIT_SAME_GROUP :
		u->result == v->result ? UNIT_SAME_CALL : UNIT_SAME_NAME);
}

static void align_pair(struct alignment *l, long a, long b)
{
	const struct aligned pair = { a, b };

	arrput(l->done, pair);
}

static bool is_equal_pair(struct alignment *l, size_t a, size_t b)
{
	return unit_likeness(&l->a[a], &l->b[b]) == UNIT_EQUAL;
}

/* Pairs equal units at the beginning.  No alignment can be better than one
 * that does that. */
static void align_prefix(struct alignment *l, struct stretch *s)
{
	while (s->i < s->n && s->j < s->m && is_equal_pair(l, s->i, s->j))
		align_pair(l, s->i++, s->j++);
}

/* --- exact ---------------------------------------------------------- */

/*
 * Computes, for each place in the first N of A and M of B, the best score of
 * the units from there to the ends: a table of (N + 1) × (M + 1).
 */
static unsigned int *best_scores(struct unit *a, size_t n, struct unit *b,
				 size_t m)
{
	unsigned int *best = xcalloc((n + 1) * (m + 1), sizeof(*best));

	for (size_t i = n; i--; )
		for (size_t j = m; j--; ) {
			unsigned int *here = &best[i * (m + 1) + j];
			unsigned int like = unit_likeness(&a[i], &b[j]);
			unsigned int pair = like ? like + here[m + 2] : 0;
			unsigned int skip = here[m + 1] > here[1] ?
					    here[m + 1] : here[1];

			*here = pair > skip ? pair : skip;
		}
	return best;
}

/*
 * Follows the best scores of the first N and M units of S, until one side is
 * past STOP_N or STOP_M, and takes from S what is done.
 */
static void follow_best(struct alignment *l, struct stretch *s, size_t n,
			size_t m, size_t stop_n, size_t stop_m)
{
	struct unit *a = l->a + s->i, *b = l->b + s->j;
	unsigned int *best = best_scores(a, n, b, m);
	size_t i = 0, j = 0;

	while ((i < n || j < m) && i <= stop_n && j <= stop_m) {
		unsigned int *here = &best[i * (m + 1) + j];
		unsigned int like = i < n && j < m ?
				    unit_likeness(&a[i], &b[j]) : 0;

		if (like && *here == like + here[m + 2])
			align_pair(l, s->i + i++, s->j + j++);
		else if (j == m || (i < n && here[m + 1] >= here[1]))
			align_pair(l, s->i + i++, -1);
		else
			align_pair(l, -1, s->j + j++);
	}
	free(best);
	s->i += i;
	s->j += j;
}

/*
 * Aligns window by window.  A window cuts the end off its surroundings, so
 * only its first half counts.  If that leaves both sides in step, the next
 * window begins after all equal units.
 */
static void align_windows(struct alignment *l, struct stretch s)
{
	while (s.i < s.n || s.j < s.m) {
		size_t n = s.n - s.i, m = s.m - s.j;
		size_t window_n = n < WINDOW ? n : WINDOW;
		size_t window_m = m < WINDOW ? m : WINDOW;

		follow_best(l, &s, window_n, window_m,
			    n > WINDOW ? WINDOW / 2 : n,
			    m > WINDOW ? WINDOW / 2 : m);
		align_prefix(l, &s);
	}
}

/* --- anchors -------------------------------------------------------- */

/* A unit, by what makes two equal. */
struct anchor {
	uint64_t hash;
	bool of_b;
	size_t at;		/* its index */
	size_t in_b;		/* the index of its only equal in B */
};

static int by_hash_and_side(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->of_b - y->of_b;
}

static int by_place_in_a(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static struct anchor anchor_of(const struct unit *u, bool of_b, size_t at)
{
	return (struct anchor){
		.hash = (u->shape * 31 + u->size) * 31 + u->times,
		.of_b = of_b, .at = at,
	};
}

/* Keeps the units of ALL, which is sorted, that A and B both have once. */
static void keep_unique(struct alignment *l, struct anchor *all)
{
	size_t count = arrlen(all), kept = 0, end;

	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count && all[end].hash == all[i].hash; )
			end++;
		if (end - i != 2 || all[i].of_b || !all[i + 1].of_b ||
		    !is_equal_pair(l, all[i].at, all[i + 1].at))
			continue;
		all[kept] = all[i];
		all[kept++].in_b = all[i + 1].at;
	}
	arrsetlen(all, kept);
}

/* Finds the units of S that both have exactly once, in the order of A. */
static struct anchor *unique_units(struct alignment *l,
				   const struct stretch *s)
{
	struct anchor *all = NULL;

	for (size_t i = s->i; i < s->n; i++)
		arrput(all, anchor_of(&l->a[i], false, i));
	for (size_t j = s->j; j < s->m; j++)
		arrput(all, anchor_of(&l->b[j], true, j));
	qsort(all, arrlen(all), sizeof(*all), by_hash_and_side);
	keep_unique(l, all);
	if (arrlen(all))
		qsort(all, arrlen(all), sizeof(*all), by_place_in_a);
	return all;
}

/* Keeps the most units of ALL, which has the order of A, that have the order
 * of B, too: a longest increasing subsequence, by patience sorting. */
static void keep_in_order(struct anchor *all)
{
	size_t count = arrlen(all), piles = 0;
	size_t *top = xcalloc(count + 1, sizeof(*top));	/* of each pile */
	size_t *below = xcalloc(count + 1, sizeof(*below));

	for (size_t i = 0; i < count; i++) {
		size_t low = 0, high = piles;

		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (all[top[mid]].in_b < all[i].in_b)
				low = mid + 1;
			else
				high = mid;
		}
		below[i] = low ? top[low - 1] : 0;
		top[low] = i;
		piles += low == piles;
	}
	/* Read the subsequence backward, from the top of the last pile. */
	for (size_t k = piles, i = piles ? top[piles - 1] : 0; k--;
	     i = below[i])
		top[k] = i;
	for (size_t k = 0; k < piles; k++)
		all[k] = all[top[k]];
	arrsetlen(all, piles);
	free(top);
	free(below);
}

static void align_stretch(struct alignment *l, struct stretch s, int cuts);

/* Aligns S between its anchors; false if there is none. */
static bool align_anchored(struct alignment *l, struct stretch s, int cuts)
{
	struct anchor *all = unique_units(l, &s);
	size_t count = arrlen(all);

	keep_in_order(all);
	for (size_t k = 0; k < arrlenu(all); k++) {
		const struct stretch before = {
			s.i, all[k].at, s.j, all[k].in_b,
		};

		align_stretch(l, before, cuts);
		align_pair(l, all[k].at, all[k].in_b);
		s.i = all[k].at + 1;
		s.j = all[k].in_b + 1;
	}
	if (count)
		align_stretch(l, s, cuts);
	arrfree(all);
	return count;
}

static void align_stretch(struct alignment *l, struct stretch s, int cuts)
{
	size_t tail = 0;

	align_prefix(l, &s);
	while (s.i < s.n && s.j < s.m &&
	       is_equal_pair(l, s.n - 1, s.m - 1)) {
		s.n--;
		s.m--;
		tail++;
	}
	if (s.i == s.n && s.j == s.m)
		;	/* both ends meet */
	else if ((s.n - s.i) * (s.m - s.j) <= EXACT)
		follow_best(l, &s, s.n - s.i, s.m - s.j, s.n, s.m);
	else if (cuts == MAX_CUTS || !align_anchored(l, s, cuts + 1))
		align_windows(l, s);
	for (size_t k = 0; k < tail; k++)
		align_pair(l, s.n + k, s.m + k);
}

struct aligned *align(struct unit *a, struct unit *b)
{
	struct alignment l = { .a = a, .b = b };
	const struct stretch all = { 0, arrlen(a), 0, arrlen(b) };

	align_stretch(&l, all, 0);
	return l.done;
}
