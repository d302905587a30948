// SPDX-License-Identifier: MIT
/*
 * A function that the compiler merged into another stands in a trace only
 * through the calls that it makes: they tell where they were made.  One that
 * makes none leaves nothing, and is found here in the debugging information:
 * which instructions of a function came from which inlined one.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gaps/code.h"
#include "gaps/inlined.h"
#include "import/sites.h"
#include "kernel/symbols.h"

enum { MAX_STEPS = 16 };

/* One inlining: all instructions that have this chain of levels. */
struct merged {
	int steps;
	struct { const char *name, *call, *path; } step[MAX_STEPS];
	unsigned int modes;
	bool calls;		/* what a trace shows */
};

struct finder {
	const struct code *c;
	const struct code_function *function;
	size_t functions;
	const char *const *traced;
	const struct symbols *symbols;
	struct sites *sites;
	uint64_t *address;	/* of all instructions, for the sites */
	size_t addresses;
	/* of the function that is looked at */
	enum mode mode;
	struct merged *merged;
	size_t count;
	/* what was found */
	struct inlined *list;
	size_t found;
};

/* The definition of NAME in that file of KVM's, which must be no header. */
static const struct symbol *definition(const struct finder *m,
				       const char *name, const char *path)
{
	const struct symbol *s = symbols_find(m->symbols, name);
	const struct symbol *end = m->symbols->sym + m->symbols->count;
	size_t n = strlen(path);

	if (!is_kvm_path(path) || n < 2 || strcmp(path + n - 2, ".c"))
		return NULL;
	for (; s && s < end && !strcmp(s->name, name); s++)
		if (!strcmp(s->kind, "function") && !strcmp(s->path, path))
			return s;
	return NULL;
}

/* The inlinings that the instruction at AT is in, the outermost first; as
 * deep as they are KVM's own. */
static int steps_at(const struct finder *m, uint64_t at, struct merged *to)
{
	struct site_level level[MAX_LEVELS];
	const char *place;
	int n = sites_levels(m->sites, at + 4, NULL, level, &place);

	/* The first level is the function itself. */
	for (int i = 1; i < n && i <= MAX_STEPS; i++) {
		const char *inside = i + 1 < n ? level[i + 1].place : place;
		const char *colon = inside ? strrchr(inside, ':') : NULL;
		char path[256] = "";

		if (colon && level[i].place)
			snprintf(path, sizeof(path), "%.*s",
				 (int)(colon - inside), inside);
		if (!definition(m, level[i].name, path))
			return i - 1;
		to->step[i - 1].name = level[i].name;
		to->step[i - 1].call = level[i].place;
		to->step[i - 1].path = inside;
	}
	return n < 1 ? 0 : n - 1 > MAX_STEPS ? MAX_STEPS : n - 1;
}

static bool same_steps(const struct merged *a, const struct merged *b, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(a->step[i].name, b->step[i].name) ||
		    strcmp(a->step[i].call, b->step[i].call))
			return false;
	return true;
}

/* The inlining of the first N steps of LIKE, new if there was none. */
static struct merged *merged_of(struct finder *m, const struct merged *like,
				int n)
{
	struct merged *new;

	for (size_t i = 0; i < m->count; i++)
		if (m->merged[i].steps == n &&
		    same_steps(&m->merged[i], like, n))
			return &m->merged[i];
	m->merged = xrealloc(m->merged, (m->count + 1) * sizeof(*m->merged));
	new = &m->merged[m->count++];
	*new = *like;
	new->steps = n;
	new->modes = 0;
	new->calls = false;
	return new;
}

/* Would a trace show this call? */
static bool is_shown(const struct finder *m, const struct code_call *call)
{
	const struct code_function *f;

	if (!call || call->kind == CALL_HYPERCALL)
		return false;
	if (call->kind == CALL_POINTER)
		return true;
	f = code_find(m->c, call->target);
	return f && m->traced[f - m->function];
}

static void take(void *finder, uint64_t at, const struct code_call *call)
{
	struct finder *m = finder;
	struct merged like = { .steps = 0 };
	bool shown = is_shown(m, call);

	for (int n = steps_at(m, at, &like); n; n--) {
		struct merged *one = merged_of(m, &like, n);

		one->modes |= 1u << m->mode;
		one->calls |= shown;
	}
}

/* Is ONE inside of another that leaves no trace either? */
static bool is_inner(const struct finder *m, const struct merged *one)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->merged[i].steps < one->steps && !m->merged[i].calls &&
		    same_steps(&m->merged[i], one, m->merged[i].steps))
			return true;
	return false;
}

static void add(struct finder *m, const char *function,
		const struct merged *one)
{
	struct inlined *new;

	m->list = xrealloc(m->list, (m->found + 1) * sizeof(*m->list));
	new = &m->list[m->found++];
	*new = (struct inlined){ function, one->modes, one->steps, NULL };
	new->step = xcalloc(one->steps, sizeof(*new->step));
	for (int i = 0; i < one->steps; i++) {
		char *path = xstrdup(one->step[i].path);

		*strrchr(path, ':') = '\0';
		new->step[i] = (struct inlined_step){
			xstrdup(one->step[i].name), xstrdup(one->step[i].call),
			definition(m, one->step[i].name, path),
		};
		free(path);
	}
}

static void find_in(struct finder *m, size_t i)
{
	m->count = 0;
	for (m->mode = VHE; m->mode < MODES; m->mode++)
		code_instructions(m->c, &m->function[i], m->mode, false, take,
				  m);
	for (size_t k = 0; k < m->count; k++)
		if (!m->merged[k].calls && !is_inner(m, &m->merged[k]))
			add(m, m->traced[i], &m->merged[k]);
}

static int by_place(const void *a, const void *b)
{
	const struct inlined *x = a, *y = b;
	int order = strcmp(x->function, y->function);

	for (int i = 0; !order && i < x->steps && i < y->steps; i++) {
		order = strverscmp(x->step[i].call, y->step[i].call);
		if (!order)
			order = strcmp(x->step[i].name, y->step[i].name);
	}
	return order ?: x->steps - y->steps;
}

/* Asks for the places of all instructions of the functions, once. */
static void load_sites(struct finder *m, const char *vmlinux)
{
	for (size_t i = 0; i < m->functions; i++) {
		const struct code_function *f = &m->function[i];

		if (!m->traced[i])
			continue;
		m->address = xrealloc(m->address,
				      (m->addresses + f->size / 4) *
				      sizeof(*m->address));
		for (uint64_t at = 0; at + 4 <= f->size; at += 4)
			m->address[m->addresses++] = f->address + at + 4;
	}
	m->sites = sites_load(vmlinux, NULL, NULL, m->address, m->addresses);
}

struct inlined *inlined_find(const struct code *c, const char *vmlinux,
			     const char *const *traced,
			     const struct symbols *symbols, size_t *count)
{
	struct finder m = { .c = c, .traced = traced, .symbols = symbols };

	m.function = code_functions(c, &m.functions);
	load_sites(&m, vmlinux);
	for (size_t i = 0; i < m.functions; i++)
		if (traced[i])
			find_in(&m, i);
	if (m.found)
		qsort(m.list, m.found, sizeof(*m.list), by_place);
	sites_free(m.sites);
	free(m.address);
	free(m.merged);
	*count = m.found;
	return m.list;
}

void inlined_free(struct inlined *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int k = 0; k < list[i].steps; k++) {
			free(list[i].step[k].name);
			free(list[i].step[k].call);
		}
		free(list[i].step);
	}
	free(list);
}
