// SPDX-License-Identifier: MIT
/* The ways through a function, from its instructions. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/flow.h"
#include "gaps/given.h"

const char *const way_names[] = {
	"enter", "call", "pointer", "switch", "gap", "part"
};

/* Something that the flow comes by: a node of the graph. */
struct stop {
	uint64_t at;
	enum way_kind kind;
	char *name, *place;
	size_t *next;		/* stb_ds, sorted; what comes next */
	bool dropped;
};

struct flow {
	const struct code *c;
	const struct code_function *f;
	enum mode mode;
	const struct given *given;	/* or NULL */
	struct stop *stop;	/* stb_ds; the first is the entry */
	size_t *first;		/* by instruction: its first stop, or 0 */
	size_t *seen;		/* by instruction: the search that saw it */
	uint64_t *todo;		/* stb_ds */
};

struct flow *flow_new(const struct code *c, const struct code_function *f,
		      enum mode mode, const struct given *v)
{
	struct flow *w = xcalloc(1, sizeof(*w));

	*w = (struct flow){ .c = c, .f = f, .mode = mode, .given = v };
	flow_add(w, f->address, WAY_ENTER, "-", "-");
	return w;
}

void flow_add(struct flow *w, uint64_t at, enum way_kind kind,
	      const char *name, const char *place)
{
	arrput(w->stop, ((struct stop){
		.at = at, .kind = kind,
		.name = xstrdup(name), .place = xstrdup(place),
	}));
}

void flow_next(const struct flow *w, uint64_t at, struct code_next *next)
{
	if (w->given)
		given_next(w->given, at, next);
	else
		code_next(w->c, w->f, w->mode, at, next);
}

/* The entry first; what begins at one instruction, in a fixed order. */
static int by_instruction(const void *a, const void *b)
{
	const struct stop *s = a, *t = b;
	int order;

	if ((s->kind == WAY_ENTER) != (t->kind == WAY_ENTER))
		return s->kind == WAY_ENTER ? -1 : 1;
	if (s->at != t->at)
		return s->at < t->at ? -1 : 1;
	if (s->kind != t->kind)
		return s->kind > t->kind ? -1 : 1;
	order = strcmp(s->name, t->name);
	return order ?: strcmp(s->place, t->place);
}

/* Two chains of calls that begin alike are one stop. */
static void unite(struct flow *w)
{
	size_t kept = 1;

	for (size_t i = 1; i < arrlenu(w->stop); i++) {
		struct stop *s = &w->stop[i];

		if (by_instruction(s, &w->stop[kept - 1])) {
			w->stop[kept++] = *s;
			continue;
		}
		free(s->name);
		free(s->place);
	}
	arrsetlen(w->stop, kept);
}

static size_t instruction(const struct flow *w, uint64_t at)
{
	return (at - w->f->address) / 4;
}

/* Goes on to AT in the search number SEARCH; TO gets a stop that is there. */
static void go_to(struct flow *w, size_t **to, uint64_t at, size_t search)
{
	size_t i = instruction(w, at);

	if (w->seen[i] == search)
		return;
	w->seen[i] = search;
	if (w->first[i])
		arrput(*to, w->first[i]);
	else
		arrput(w->todo, at);
}

/* Goes on behind AT; whether the flow may leave the function there. */
static bool go_on(struct flow *w, size_t **to, uint64_t at, size_t search)
{
	struct code_next next;

	flow_next(w, at, &next);
	for (int i = 0; i < next.count; i++)
		go_to(w, to, next.to[i], search);
	return next.leaves;
}

static int by_index(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What comes next after stop I. */
static void find_next(struct flow *w, size_t i)
{
	size_t exit = arrlenu(w->stop), *to = NULL;
	const struct stop *s = &w->stop[i];
	bool leaves = false;

	if (i + 1 < exit && s[1].at == s->at) {
		arrput(to, i + 1);
		w->stop[i].next = to;
		return;
	}
	if (s->kind == WAY_ENTER)
		go_to(w, &to, s->at, i + 1);
	else
		leaves = go_on(w, &to, s->at, i + 1);
	while (arrlen(w->todo))
		leaves |= go_on(w, &to, arrpop(w->todo), i + 1);
	if (leaves)
		arrput(to, exit);
	if (to)
		qsort(to, arrlen(to), sizeof(*to), by_index);
	w->stop[i].next = to;
}

/* --- fewer stops ---------------------------------------------------- */

/* Drops what the flow never comes by in this mode. */
static void drop_unreached(struct flow *w)
{
	size_t *todo = NULL;

	for (size_t i = 1; i < arrlenu(w->stop); i++)
		w->stop[i].dropped = true;
	arrput(todo, 0);
	while (arrlen(todo)) {
		const struct stop *s = &w->stop[arrpop(todo)];
		size_t count = arrlenu(s->next);

		if (s->kind == WAY_SWITCH)
			count = arrlenu(w->stop);
		for (size_t k = 0; k < count; k++) {
			size_t to = s->kind == WAY_SWITCH ? k : s->next[k];

			if (to < arrlenu(w->stop) && w->stop[to].dropped) {
				w->stop[to].dropped = false;
				arrput(todo, to);
			}
		}
	}
	arrfree(todo);
}

static bool is_gap(const struct stop *s)
{
	return s->kind == WAY_GAP || s->kind == WAY_PART;
}

static bool same_gap(const struct stop *s, const struct stop *t)
{
	return s->kind == t->kind && !strcmp(s->name, t->name) &&
	       !strcmp(s->place, t->place);
}

static bool leads_to(const struct stop *s, size_t to)
{
	return s->next && bsearch(&to, s->next, arrlen(s->next), sizeof(to),
				  by_index);
}

/* Does the flow come to stop I only from the same gap? */
static bool is_inside_gap(const struct flow *w, size_t i)
{
	for (size_t k = 0; k < arrlenu(w->stop); k++) {
		const struct stop *s = &w->stop[k];

		if (s->dropped || k == i)
			continue;
		if (s->kind == WAY_SWITCH ||
		    (leads_to(s, i) && !same_gap(s, &w->stop[i])))
			return false;
	}
	return true;
}

/* From now on, S leads where stop I does in its place. */
static void bypass(struct flow *w, struct stop *s, size_t i)
{
	size_t *to = NULL;

	for (size_t k = 0; k < arrlenu(s->next); k++)
		if (s->next[k] != i)
			arrput(to, s->next[k]);
	for (size_t k = 0; k < arrlenu(w->stop[i].next); k++)
		if (w->stop[i].next[k] != i &&
		    !leads_to(s, w->stop[i].next[k]))
			arrput(to, w->stop[i].next[k]);
	if (to)
		qsort(to, arrlen(to), sizeof(*to), by_index);
	arrfree(s->next);
	s->next = to;
}

/* Of a gap, where the flow enters it says all. */
static void drop_inner_stops(struct flow *w)
{
	for (size_t i = 1; i < arrlenu(w->stop); i++) {
		if (w->stop[i].dropped || !is_gap(&w->stop[i]) ||
		    !is_inside_gap(w, i))
			continue;
		for (size_t k = 0; k < arrlenu(w->stop); k++)
			if (k != i && leads_to(&w->stop[k], i))
				bypass(w, &w->stop[k], i);
		w->stop[i].dropped = true;
	}
}

/* --- the table ------------------------------------------------------ */

static void put_stop(struct buf *b, const struct flow *w, size_t i,
		     const size_t *number)
{
	const struct stop *s = &w->stop[i];

	buf_printf(b, "%zu\t%s\t%s\t%s\t", number[i], s->name,
		   way_names[s->kind], s->place);
	if (s->kind == WAY_SWITCH)
		buf_puts(b, "*");
	for (size_t k = 0; s->kind != WAY_SWITCH && k < arrlenu(s->next); k++) {
		if (k)
			buf_putc(b, ' ');
		if (s->next[k] == arrlenu(w->stop))
			buf_puts(b, "exit");
		else
			buf_unsigned(b, number[s->next[k]]);
	}
	if (s->kind != WAY_SWITCH && !arrlen(s->next))
		buf_putc(b, '-');	/* it never returns */
	buf_putc(b, '\n');
}

/* Finds out for each stop what comes next. */
static void find_ways(struct flow *w)
{
	size_t n = w->f->size / 4 + 1;

	w->first = xcalloc(n, sizeof(*w->first));
	w->seen = xcalloc(n, sizeof(*w->seen));
	for (size_t i = arrlenu(w->stop) - 1; i; i--)
		w->first[instruction(w, w->stop[i].at)] = i;
	for (size_t i = 0; i < arrlenu(w->stop); i++)
		find_next(w, i);
}

char *flow_text(struct flow *w)
{
	struct buf b = { .text = NULL };
	size_t *number, count = 0;

	qsort(w->stop, arrlen(w->stop), sizeof(*w->stop), by_instruction);
	unite(w);
	find_ways(w);
	drop_unreached(w);
	drop_inner_stops(w);
	number = xcalloc(arrlenu(w->stop), sizeof(*number));
	for (size_t i = 0; i < arrlenu(w->stop); i++)
		if (!w->stop[i].dropped)
			number[i] = count++;
	for (size_t i = 0; i < arrlenu(w->stop); i++)
		if (!w->stop[i].dropped)
			put_stop(&b, w, i, number);
	free(number);
	return buf_take(&b);
}

void flow_free(struct flow *w)
{
	for (size_t i = 0; i < arrlenu(w->stop); i++) {
		free(w->stop[i].name);
		free(w->stop[i].place);
		arrfree(w->stop[i].next);
	}
	arrfree(w->stop);
	arrfree(w->todo);
	free(w->first);
	free(w->seen);
	free(w);
}
