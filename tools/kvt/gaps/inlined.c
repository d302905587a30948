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
#include "base/vec.h"
#include "gaps/code.h"
#include "gaps/inlined.h"
#include "kernel/debuginfo.h"
#include "kernel/symbols.h"

enum { MAX_STEPS = 16 };

/* One inlining: all instructions that have this chain of levels. */
struct merged {
	int steps;
	struct {
		const char *name, *call;	/* CALL: the file, */
		int line;			/* and the line in it */
		const struct symbol *definition;
	} step[MAX_STEPS];
	unsigned int modes;
	bool calls;		/* what a trace shows */
	uint64_t *at;		/* stb_ds; its instructions */
};

struct finder {
	const struct code *c;
	const struct code_function *function;
	size_t functions;
	const char *const *traced;
	const struct symbols *symbols;
	struct debuginfo *info;
	/* of the current function */
	enum mode mode;
	struct merged *merged;	/* stb_ds */
	/* what was found */
	struct inlined *list;	/* stb_ds */
};

/* Returns PATH relative to the kernel's tree. */
static const char *path_in_tree(const struct finder *m, const char *path)
{
	const char *tree = debuginfo_tree(m->info);
	size_t n = tree ? strlen(tree) : 0;

	return n && !strncmp(path, tree, n) ? path + n : path;
}

/* The definition of NAME in PATH, if that is a file of KVM's and no header. */
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
	const struct debug_frame *frame;
	int n = debuginfo_frames(m->info, at, &frame), steps = 0;

	/* The last frame is the function itself. */
	for (int i = n - 2; i >= 0 && steps < MAX_STEPS; i--, steps++) {
		const struct debug_frame *call = &frame[i + 1];
		const struct symbol *s = NULL;

		if (frame[i].file && frame[i].line && call->file && call->line)
			s = definition(m, frame[i].function,
				       path_in_tree(m, frame[i].file));
		if (!s)
			break;
		to->step[steps].name = frame[i].function;
		to->step[steps].call = path_in_tree(m, call->file);
		to->step[steps].line = call->line;
		to->step[steps].definition = s;
	}
	return steps;
}

static bool same_steps(const struct merged *a, const struct merged *b, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(a->step[i].name, b->step[i].name) ||
		    a->step[i].line != b->step[i].line ||
		    strcmp(a->step[i].call, b->step[i].call))
			return false;
	return true;
}

/* The inlining of the first N steps of LIKE, new if there was none. */
static struct merged *merged_of(struct finder *m, const struct merged *like,
				int n)
{
	struct merged new = *like;

	for (size_t i = 0; i < arrlenu(m->merged); i++)
		if (m->merged[i].steps == n &&
		    same_steps(&m->merged[i], like, n))
			return &m->merged[i];
	new.steps = n;
	arrput(m->merged, new);
	return &arrlast(m->merged);
}

/* Would a trace show this call? */
static bool is_shown(const struct finder *m, const struct code_call *call)
{
	const struct code_function *f;

	if (!call || call->kind == CALL_HYPERCALL)
		return false;
	if (call->kind == CALL_POINTER)
		return true;
	f = image_find(code_image(m->c), call->target);
	return f && m->traced[f - m->function];
}

static void add_instruction(void *finder, uint64_t at,
			    const struct code_call *call)
{
	struct finder *m = finder;
	struct merged like = { .steps = 0 };
	bool shown = is_shown(m, call);

	for (int n = steps_at(m, at, &like); n; n--) {
		struct merged *one = merged_of(m, &like, n);

		one->modes |= 1u << m->mode;
		one->calls |= shown;
		arrput(one->at, at);
	}
}

/* Is ONE inside of another that leaves no trace either? */
static bool is_inner(const struct finder *m, const struct merged *one)
{
	for (size_t i = 0; i < arrlenu(m->merged); i++)
		if (m->merged[i].steps < one->steps && !m->merged[i].calls &&
		    same_steps(&m->merged[i], one, m->merged[i].steps))
			return true;
	return false;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * Of the instructions of ONE, in each mode once, those at which one of its
 * statements begins: others may have been moved in front of the branch that
 * decides whether it runs.  All of them where there is none.
 */
static void choose_instructions(const struct finder *m,
				const struct merged *one, struct inlined *to)
{
	const struct symbol *s = one->step[one->steps - 1].definition;
	char *file = xasprintf("%s%s", debuginfo_tree(m->info) ?: "", s->path);
	uint64_t *all = NULL;

	qsort(one->at, arrlen(one->at), sizeof(*one->at), by_number);
	for (size_t i = 0; i < arrlenu(one->at); i++) {
		uint64_t at = one->at[i];

		if (i && at == one->at[i - 1])
			continue;
		arrput(all, at);
		if (debuginfo_statement(m->info, at, file, s->line, s->end))
			arrput(to->at, at);
	}
	to->surely = to->at;
	if (to->surely)
		arrfree(all);
	else
		to->at = all;
	free(file);
}

static void add_inlined(struct finder *m, const char *function,
			const struct merged *one)
{
	struct inlined new = { function, one->modes, one->steps, NULL, NULL,
			       false };

	new.step = xcalloc(one->steps, sizeof(*new.step));
	for (int i = 0; i < one->steps; i++)
		new.step[i] = (struct inlined_step){
			xstrdup(one->step[i].name),
			xasprintf("%s:%d", one->step[i].call,
				  one->step[i].line),
			one->step[i].definition,
		};
	choose_instructions(m, one, &new);
	arrput(m->list, new);
}

static void find_in(struct finder *m, size_t i)
{
	for (m->mode = VHE; m->mode < MODES; m->mode++)
		code_instructions(m->c, &m->function[i], m->mode, false,
				  add_instruction, m);
	for (size_t k = 0; k < arrlenu(m->merged); k++)
		if (!m->merged[k].calls && !is_inner(m, &m->merged[k]))
			add_inlined(m, m->traced[i], &m->merged[k]);
	for (size_t k = 0; k < arrlenu(m->merged); k++)
		arrfree(m->merged[k].at);
	arrsetlen(m->merged, 0);
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

struct inlined *inlined_find(const struct code *c, struct debuginfo *info,
			     const char *const *traced,
			     const struct symbols *symbols)
{
	struct finder m = { .c = c, .info = info, .traced = traced,
			    .symbols = symbols };

	m.function = image_functions(code_image(c), &m.functions);
	for (size_t i = 0; i < m.functions; i++)
		if (traced[i])
			find_in(&m, i);
	if (m.list)
		qsort(m.list, arrlen(m.list), sizeof(*m.list), by_place);
	arrfree(m.merged);
	return m.list;
}

void inlined_free(struct inlined *list)
{
	for (size_t i = 0; i < arrlenu(list); i++) {
		for (int k = 0; k < list[i].steps; k++) {
			free(list[i].step[k].name);
			free(list[i].step[k].call);
		}
		free(list[i].step);
		arrfree(list[i].at);
	}
	arrfree(list);
}
