// SPDX-License-Identifier: MIT
/* Chains of calls out of the tracer's sight, from the kernel's instructions. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/chains.h"

static const char el2_prefix[] = "__kvm_nvhe_";
static const char enter[] = "__guest_enter";

const char *const chain_kind_names[] = {
	"notrace", "noinstr", "assembly", "hypercall", "EL2",
};

struct chain_finder {
	const struct code *code;
	const struct image *image;
	const struct code_function *function;
	size_t functions;
	const struct known_function *known;
	const struct symbols *symbols;
	uint64_t noinstr, noinstr_end;
	enum mode mode;
	struct chain now;	/* that is being followed */
	struct chain *chain;	/* stb_ds */
	size_t before;		/* chains of functions before this one */
	size_t kept;		/* how often one was kept, in all modes */
};

static const struct known_function *known_of(const struct chain_finder *m,
					   const struct code_function *f)
{
	return &m->known[f - m->function];
}

static bool is_assembly(const struct known_function *a)
{
	size_t n = strlen(a->path);

	return n > 2 && !strcmp(a->path + n - 2, ".S");
}

static bool is_el2(const struct code_function *f)
{
	return !strncmp(f->name, el2_prefix, strlen(el2_prefix));
}

static enum chain_kind step_kind(const struct chain_finder *m,
				 const struct code_function *f)
{
	if (is_assembly(known_of(m, f)))
		return ASSEMBLY;
	if (is_el2(f))
		return AT_EL2;
	return f->address >= m->noinstr && f->address < m->noinstr_end ?
	       NOINSTR : NOTRACE;
}

/* The name that the source has. */
void chain_step_name(const struct chain_step *s, char *name, size_t size)
{
	const char *p = s->f->name;

	if (is_el2(s->f))
		p += strlen(el2_prefix);
	if (s->kind == HYPERCALL && !strncmp(p, "handle_", 7))
		p += 7;
	snprintf(name, size, "%s", p);
	strip_suffix(name);
}

/* --- chains --------------------------------------------------------- */

static bool same_chain(const struct chain *a, const struct chain *b)
{
	if (a->steps != b->steps || strcmp(a->function, b->function) ||
	    a->step[0].at != b->step[0].at)
		return false;
	for (int i = 0; i < a->steps; i++)
		if (a->step[i].f != b->step[i].f)
			return false;
	return true;
}

/* Keeps the chain that is being followed; its end is why. */
static void keep_chain(struct chain_finder *m)
{
	m->kept++;
	for (size_t i = m->before; i < arrlenu(m->chain); i++)
		if (same_chain(&m->chain[i], &m->now)) {
			m->chain[i].modes |= 1u << m->mode;
			return;
		}
	m->now.modes = 1u << m->mode;
	arrput(m->chain, m->now);
}

static bool push_step(struct chain_finder *m, const struct code_function *f,
		 enum chain_kind kind, uint64_t at)
{
	for (int i = 0; i < m->now.steps; i++)
		if (m->now.step[i].f == f)
			return false;
	if (m->now.steps == MAX_CHAIN_STEPS)
		return false;
	m->now.step[m->now.steps++] = (struct chain_step){ f, kind, at };
	return true;
}

/* A search for the shortest way to where the guest is entered at EL2. */
struct guest_search {
	const struct chain_finder *m;
	size_t *from;		/* 1 + the caller's index; 0: not reached */
	uint64_t *at;
	size_t *queue, count;
	size_t caller;
};

static void found_callee(void *data, const struct code_call *call)
{
	struct guest_search *s = data;
	const struct code_function *f = image_find(s->m->image, call->target);
	size_t i;

	if (!f || !is_el2(f) || s->from[f - s->m->function])
		return;
	i = f - s->m->function;
	s->from[i] = s->caller + 1;
	s->at[i] = call->at;
	s->queue[s->count++] = i;
}

static void push_way(struct chain_finder *m, struct guest_search *s,
		     size_t first, size_t i)
{
	const struct code_function *f = &m->function[i];

	if (i == first)
		return;
	push_way(m, s, first, s->from[i] - 1);
	push_step(m, f, step_kind(m, f), s->at[i]);
}

/* Of what a hypercall does, the chain names the way to the guest only. */
static void follow_el2(struct chain_finder *m,
		       const struct code_function *handler)
{
	struct guest_search s = { .m = m };
	size_t first = handler - m->function;

	s.from = xcalloc(m->functions, sizeof(*s.from));
	s.at = xcalloc(m->functions, sizeof(*s.at));
	s.queue = xcalloc(m->functions, sizeof(*s.queue));
	s.from[first] = first + 1;
	s.queue[s.count++] = first;
	for (size_t i = 0; i < s.count; i++) {
		const struct code_function *f = &m->function[s.queue[i]];

		if (!strcmp(f->name + strlen(el2_prefix), enter)) {
			push_way(m, &s, first, s.queue[i]);
			break;
		}
		s.caller = s.queue[i];
		code_calls(m->code, f, m->mode, true, found_callee, &s);
	}
	free(s.from);
	free(s.at);
	free(s.queue);
}

/*
 * All calls of __pkvm_* stand behind a test of protected mode, but
 * kvm_share_hyp() and its like ask a function for it.
 */
static bool can_be(enum mode mode, const struct code_function *handler)
{
	const char *name = handler->name + strlen(el2_prefix);

	return mode == PROTECTED || strncmp(name, "handle___pkvm_", 14);
}

static void follow_hypercall(struct chain_finder *m,
			     const struct code_call *call)
{
	const struct code_function *f = image_find(m->image, call->target);
	int steps = m->now.steps;

	if (!f || !is_el2(f) || !can_be(m->mode, f) ||
	    !push_step(m, f, HYPERCALL, call->at))
		return;
	follow_el2(m, f);
	keep_chain(m);
	m->now.steps = steps;
}

static void follow_call(void *data, const struct code_call *call)
{
	struct chain_finder *m = data;
	const struct code_function *f;
	int steps = m->now.steps;
	enum chain_kind kind;

	if (call->kind == CALL_HYPERCALL) {
		follow_hypercall(m, call);
		return;
	}
	f = image_find(m->image, call->target);
	if (!f || f->address != call->target || !known_of(m, f)->path ||
	    known_of(m, f)->traced || is_el2(f))
		return;
	kind = step_kind(m, f);
	if (!push_step(m, f, kind, call->at))
		return;
	if (kind != ASSEMBLY) {
		size_t before = m->kept;

		code_calls(m->code, f, m->mode, false, follow_call, m);
		m->now.steps = steps + 1;
		if (kind == NOINSTR && m->kept == before)
			keep_chain(m);
	} else {
		keep_chain(m);
	}
	m->now.steps = steps;
}

static int by_function(const void *a, const void *b)
{
	const struct chain *c = a, *d = b;
	int order = strcmp(c->function, d->function);

	for (int i = 0; !order; i++) {
		if (i == c->steps || i == d->steps)
			return c->steps - d->steps;
		if (c->step[i].at != d->step[i].at)
			order = c->step[i].at < d->step[i].at ? -1 : 1;
	}
	return order;
}

/* The host of the other modes has no part in what is in hyp/vhe. */
static bool runs_in(const struct chain_finder *m, const char *function)
{
	const struct symbol *s = symbols_find(m->symbols, function);

	return m->mode == VHE || !s || !strstr(s->path, "/hyp/vhe/");
}

struct chain *chains_find(const struct code *c,
			  const struct known_function *known,
			  const struct symbols *symbols)
{
	const struct image *image = code_image(c);
	struct chain_finder m = {
		.code = c, .image = image, .known = known, .symbols = symbols,
		.noinstr = image_symbol(image, "__noinstr_text_start").address,
		.noinstr_end = image_symbol(image,
					    "__noinstr_text_end").address,
	};

	m.function = image_functions(image, &m.functions);
	for (size_t i = 0; i < m.functions; i++) {
		if (!known[i].traced)
			continue;
		m.now.function = known[i].traced;
		m.before = arrlenu(m.chain);
		for (m.mode = VHE; m.mode < MODES; m.mode++)
			if (runs_in(&m, m.now.function))
				code_calls(c, &m.function[i], m.mode, false,
					   follow_call, &m);
	}
	if (m.chain)
		qsort(m.chain, arrlen(m.chain), sizeof(*m.chain), by_function);
	return m.chain;
}

char *modes_text(unsigned int modes)
{
	struct buf b = { .text = NULL };

	for (int i = 0; i < MODES; i++)
		if (modes & 1u << i)
			buf_printf(&b, "%s%s", b.size ? " " : "",
				   mode_names[i]);
	return buf_take(&b);
}
