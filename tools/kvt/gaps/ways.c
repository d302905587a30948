// SPDX-License-Identifier: MIT
/* Searches in the graph of the ways through a function. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "base/vec.h"
#include "gaps/ways.h"
#include "kernel/symbols.h"

/* A stop on the way; a call that a capture shows ends each search. */
struct way {
	const char *name, *place;
	size_t *next;		/* stb_ds */
	size_t *last;		/* stb_ds; the stops that lead here */
	bool is_call;		/* that a capture shows for sure */
	bool is_pointer;	/* that it may show */
	bool is_gap;
	bool sure;		/* the gap runs if this does */
	bool anywhere, exits;	/* what comes next besides NEXT */
};

/* The stops of one call. */
struct call_set {
	char *key;
	size_t *stop;		/* stb_ds; NULL: none fits */
	int number;
	UT_hash_handle hh;
};

/* An answer that we remember. */
struct between {
	struct { int from, to; } key;
	unsigned char *certainty;	/* by gap; NULL: there is no way */
	UT_hash_handle hh;
};

struct ways {
	struct way *way;	/* stb_ds; the first is the entry */
	size_t **gap;		/* by number, stb_ds: its stops */
	size_t gaps;
	size_t highest;		/* that a stop leads to */
	struct call_set *by_key;
	struct call_set **set;	/* stb_ds; by number */
	struct between *known;
	bool linked;
};

/* --- the graph ------------------------------------------------------ */

struct ways *ways_new(size_t gaps)
{
	struct ways *w = xcalloc(1, sizeof(*w));

	w->gaps = gaps;
	w->gap = xcalloc(gaps, sizeof(*w->gap));
	return w;
}

/* Reads "1 5 exit", "*" or "-". */
static bool read_next(struct ways *w, struct way *way, char *next)
{
	char *save = NULL, *word, *end;

	for (word = strtok_r(next, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		unsigned long to = strtoul(word, &end, 10);

		if (!strcmp(word, "exit"))
			way->exits = true;
		else if (!strcmp(word, "*"))
			way->anywhere = way->exits = true;
		else if (*end || end == word)
			return !strcmp(word, "-");
		else
			arrput(way->next, to);
		if (way->next && arrlast(way->next) > w->highest)
			w->highest = arrlast(way->next);
	}
	return true;
}

bool ways_add(struct ways *w, const char *number, const char *name,
	      const char *kind, const char *place, char *next)
{
	static const char *const kinds[] = {
		"enter", "call", "pointer", "switch", "gap", "part", NULL
	};
	struct way way = {
		.name = name, .place = place,
		.is_call = !strcmp(kind, "call"),
		.is_pointer = !strcmp(kind, "pointer"),
		.is_gap = !strcmp(kind, "gap") || !strcmp(kind, "part"),
		.sure = !strcmp(kind, "gap"),
	};
	int k = 0;

	while (kinds[k] && strcmp(kinds[k], kind))
		k++;
	if (!kinds[k] || strtoul(number, NULL, 10) != arrlenu(w->way) ||
	    !k != !arrlenu(w->way) || !read_next(w, &way, next)) {
		arrfree(way.next);
		return false;
	}
	arrput(w->way, way);
	return true;
}

bool ways_whole(const struct ways *w)
{
	return w->highest < arrlenu(w->way);
}

void ways_set_gap(struct ways *w, size_t number, const char *name,
		  const char *place)
{
	for (size_t i = 0; i < arrlenu(w->way); i++)
		if (w->way[i].is_gap && !strcmp(w->way[i].name, name) &&
		    !strcmp(w->way[i].place, place))
			arrput(w->gap[number], i);
}

bool ways_have_gap(const struct ways *w, size_t number)
{
	return w->gap[number];
}

static void link_back(struct ways *w)
{
	if (w->linked)
		return;
	w->linked = true;
	for (size_t i = 0; i < arrlenu(w->way); i++)
		for (size_t k = 0; k < arrlenu(w->way[i].next); k++)
			arrput(w->way[w->way[i].next[k]].last, i);
}

/* --- calls ---------------------------------------------------------- */

static bool same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");

	return n == m && !strncmp(a, b, n);
}

/* Is PLACE the innermost of the places ALL? */
static bool is_innermost(const char *all, const char *place)
{
	const char *last = strrchr(all, ' ');

	return !strcmp(last ? last + 1 : all, place);
}

/* Returns how well the stop W fits a call; 0: not at all. */
static int fit(const struct way *w, const char *called, const char *place)
{
	const char *last = strrchr(place, ' ');
	bool whole = !strcmp(w->place, place);

	if (w->is_call ? !same_name(w->name, called) : !w->is_pointer)
		return 0;
	/* Without its levels, a capture has the innermost place only. */
	if (whole || is_innermost(w->place, last ? last + 1 : place))
		return whole ? 3 : 2;
	return w->is_call;
}

static size_t *fitting_stops(const struct ways *w, const char *called,
			     const char *place)
{
	size_t *stop = NULL;
	int best = 1;

	for (size_t i = 0; i < arrlenu(w->way); i++) {
		int f = fit(&w->way[i], called, place);

		if (f > best)
			arrsetlen(stop, 0);
		if (f && f >= best)
			arrput(stop, i);
		best = f > best ? f : best;
	}
	return stop;
}

int ways_calls(struct ways *w, const char *called, const char *place)
{
	char *key = xasprintf("%s\t%s", called, place);
	struct call_set *set;

	HASH_FIND_STR(w->by_key, key, set);
	if (set) {
		free(key);
	} else {
		set = xcalloc(1, sizeof(*set));
		set->key = key;
		set->stop = fitting_stops(w, called, place);
		set->number = arrlen(w->set);
		arrput(w->set, set);
		HASH_ADD_KEYPTR(hh, w->by_key, set->key, strlen(set->key),
				set);
	}
	return set->stop ? set->number : WAYS_ANYWHERE;
}

/* --- searches ------------------------------------------------------- */

struct way_search {
	struct ways *w;
	const size_t *from, *to;	/* stb_ds; NULL: the end */
	bool open;			/* to anywhere */
	const size_t *without;		/* stb_ds; stops not to pass, or NULL */
	bool *seen;
	size_t *todo;			/* stb_ds */
	bool arrived;
};

static bool is_among(const size_t *list, size_t i)
{
	for (size_t k = 0; k < arrlenu(list); k++)
		if (list[k] == i)
			return true;
	return false;
}

static void search_visit(struct way_search *s, size_t i)
{
	if (s->seen[i] || is_among(s->without, i))
		return;
	s->seen[i] = true;
	if (s->to && is_among(s->to, i))
		s->arrived = true;
	if (!s->w->way[i].is_call)
		arrput(s->todo, i);
}

static void search_step(struct way_search *s, size_t i)
{
	const struct way *way = &s->w->way[i];

	if (way->exits && !s->to)
		s->arrived = true;
	for (size_t k = 0; k < arrlenu(way->next); k++)
		search_visit(s, way->next[k]);
	for (size_t k = 1; way->anywhere && k < arrlenu(s->w->way); k++)
		search_visit(s, k);
}

/* Marks in SEEN the stops that can come after FROM.  True: TO is among them. */
static bool search_forward(struct way_search *s)
{
	memset(s->seen, 0, arrlen(s->w->way) * sizeof(*s->seen));
	s->arrived = s->open;
	if (!s->from)
		search_step(s, 0);
	for (size_t i = 0; i < arrlenu(s->from); i++)
		search_step(s, s->from[i]);
	while (arrlen(s->todo))
		search_step(s, arrpop(s->todo));
	return s->arrived;
}

static void back_to(struct way_search *s, size_t i)
{
	if (s->seen[i])
		return;
	s->seen[i] = true;
	if (!s->w->way[i].is_call)
		arrput(s->todo, i);
}

static void back_from(struct way_search *s, size_t i)
{
	const struct way *way = &s->w->way[i];

	for (size_t k = 0; k < arrlenu(way->last); k++)
		back_to(s, way->last[k]);
	for (size_t k = 0; i && k < arrlenu(s->w->way); k++)
		if (s->w->way[k].anywhere)
			back_to(s, k);
}

/* Marks in SEEN the stops that can lead to TO. */
static void search_backward(struct way_search *s)
{
	size_t count = arrlenu(s->w->way);

	memset(s->seen, 0, count * sizeof(*s->seen));
	for (size_t i = 0; !s->to && i < count; i++)
		if (s->open || s->w->way[i].exits)
			back_to(s, i);
	for (size_t i = 0; i < arrlenu(s->to); i++)
		back_from(s, s->to[i]);
	while (arrlen(s->todo))
		back_from(s, arrpop(s->todo));
}

static bool any_in_both(const size_t *stop, const bool *a, const bool *b)
{
	for (size_t i = 0; i < arrlenu(stop); i++)
		if (a[stop[i]] && b[stop[i]])
			return true;
	return false;
}

/* Must every way pass one of STOP? */
static bool cannot_do_without(struct way_search *s, const size_t *stop)
{
	for (size_t i = 0; i < arrlenu(stop); i++)
		if (!s->w->way[stop[i]].sure)
			return false;
	s->without = stop;
	return !search_forward(s);
}

static unsigned char *search_gaps(struct way_search *s)
{
	struct ways *w = s->w;
	bool *forward = xcalloc(arrlen(w->way), sizeof(*forward));
	bool *backward = xcalloc(arrlen(w->way), sizeof(*backward));
	unsigned char *certainty = NULL;

	s->seen = forward;
	if (search_forward(s)) {
		s->seen = backward;
		search_backward(s);
		certainty = xcalloc(w->gaps, sizeof(*certainty));
		for (size_t g = 0; g < w->gaps; g++)
			if (any_in_both(w->gap[g], forward, backward))
				certainty[g] = MAYBE;
		for (size_t g = 0; g < w->gaps; g++)
			if (certainty[g] && cannot_do_without(s, w->gap[g]))
				certainty[g] = SURELY;
	}
	free(forward);
	free(backward);
	arrfree(s->todo);
	return certainty;
}

const unsigned char *ways_between(struct ways *w, int from, int to)
{
	struct between *b;
	struct way_search s = {
		.w = w, .open = to == WAYS_ANYWHERE,
		.from = from < 0 ? NULL : w->set[from]->stop,
		.to = to < 0 ? NULL : w->set[to]->stop,
	};
	struct { int from, to; } key = { from, to };

	HASH_FIND(hh, w->known, &key, sizeof(key), b);
	if (b)
		return b->certainty;
	link_back(w);
	b = xcalloc(1, sizeof(*b));
	b->key.from = from;
	b->key.to = to;
	b->certainty = arrlen(w->way) ? search_gaps(&s) : NULL;
	HASH_ADD(hh, w->known, key, sizeof(b->key), b);
	return b->certainty;
}

void ways_free(struct ways *w)
{
	struct call_set *set, *next_set;
	struct between *b, *next;

	HASH_ITER(hh, w->by_key, set, next_set) {
		HASH_DEL(w->by_key, set);
		arrfree(set->stop);
		free(set->key);
		free(set);
	}
	HASH_ITER(hh, w->known, b, next) {
		HASH_DEL(w->known, b);
		free(b->certainty);
		free(b);
	}
	for (size_t i = 0; i < arrlenu(w->way); i++) {
		arrfree(w->way[i].next);
		arrfree(w->way[i].last);
	}
	for (size_t i = 0; i < w->gaps; i++)
		arrfree(w->gap[i]);
	arrfree(w->way);
	arrfree(w->set);
	free(w->gap);
	free(w);
}
