// SPDX-License-Identifier: MIT
/* Which calls of a capture a claim's path means. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/claim_find.h"
#include "compare/seen.h"

/* --- one call ------------------------------------------------------- */

/* Does PATTERN match the SIZE bytes at TEXT?  "*" is any text. */
static bool pattern_fits(const char *pattern, const char *text, size_t size)
{
	const char *star = NULL, *end = text + size, *from = NULL;

	while (text < end) {
		if (*pattern == '*') {
			star = pattern++;
			from = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			/* The star takes one more byte. */
			pattern = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	pattern += strspn(pattern, "*");
	return !*pattern;
}

static bool is_of_kind(char kind, const struct node *n)
{
	switch (kind) {
	case '@':
		return n->kind == NODE_SYSCALL;
	case '!':
		return n->kind == NODE_EVENT;
	case '~':
		return n->kind == NODE_INLINED;
	case '?':
		return n->kind == NODE_UNSEEN;
	}
	return true;
}

bool claim_names(const struct claim_step *step, const struct node *n)
{
	size_t length;
	const char *request = request_of(n, &length);

	if (!is_of_kind(step->kind, n))
		return false;
	/* "*" matches any call, but no level. */
	if (!step->kind && is_level(n) && strchr(step->name, '*'))
		return false;
	/* "gmem_abort" is also gmem_abort.constprop.0, the compiler's. */
	return pattern_fits(step->name, n->name, strlen(n->name)) ||
	       pattern_fits(step->name, n->name, seen_plain_length(n->name)) ||
	       (length && pattern_fits(step->name, request, length));
}

/* Returns the length of the argument at P: up to a comma outside of
 * brackets. */
static size_t arg_length(const char *p)
{
	bool quoted = false;
	size_t n = 0;
	int depth = 0;

	for (; p[n]; n++) {
		if (p[n] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		depth += strchr("([{", p[n]) != NULL;
		depth -= strchr(")]}", p[n]) != NULL;
		if (p[n] == ',' && depth <= 0)
			break;
	}
	return n;
}

static bool arg_fits(const struct claim_arg *arg, const char *p, size_t size)
{
	const char *equals = memchr(p, '=', size);
	size_t name = equals ? equals - p : 0;

	if (!arg->name && pattern_fits(arg->value, p, size))
		return true;
	if (!equals)
		return false;
	if (arg->name && (strlen(arg->name) != name ||
			  memcmp(arg->name, p, name)))
		return false;
	return pattern_fits(arg->value, equals + 1, size - name - 1);
}

static bool has_arg(const struct node *n, const struct claim_arg *arg)
{
	for (const char *p = n->args; p && *p; ) {
		size_t size = arg_length(p);

		if (arg_fits(arg, p, size))
			return true;
		p += size + (p[size] == ',');
		p += strspn(p, " ");
	}
	return false;
}

bool claim_takes(const struct claim_step *step, const struct node *n)
{
	for (unsigned int i = 0; i < step->args; i++)
		if (!has_arg(n, &step->arg[i]))
			return false;
	return true;
}

bool claim_returns(const char *value, const struct node *n)
{
	const char *result = n->result;

	if (!result)
		return false;
	if (pattern_fits(value, result, strlen(result)))
		return true;
	return value[0] == 'E' && result[0] == '-' &&
	       pattern_fits(value, result + 1, strlen(result) - 1);
}

unsigned int node_last_line(const struct node *n)
{
	return n->children ? node_last_line(n->child[n->children - 1]) + 1
			   : n->line;
}

const struct node *node_root(const struct node *n)
{
	while (n->parent)
		n = n->parent;
	return n;
}

/* --- a step --------------------------------------------------------- */

struct step_search {
	const struct claim_step *step;
	unsigned long counted;	/* that match, whatever they return */
	const struct node *latest;	/* of those */
	const struct node **found;
};

static void keep_call(struct step_search *s, const struct node *n)
{
	if (!s->step->result || claim_returns(s->step->result, n))
		arrput(s->found, n);
}

/* Does "#2..3" mean the call that we counted last? */
static bool is_in_range(const struct step_search *s)
{
	if (s->step->only_last)
		return false;	/* we know it only at the end */
	return !s->step->first || (s->counted >= s->step->first &&
				   s->counted <= s->step->last);
}

static void search_children(struct step_search *s, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (claim_names(s->step, c) && claim_takes(s->step, c)) {
			s->counted++;
			s->latest = c;
			if (is_in_range(s))
				keep_call(s, c);
		}
		if (s->step->deep || is_level(c))
			search_children(s, c);
	}
}

/* A step that counts begins again below each call. */
static void begin_counting(struct step_search *s)
{
	s->counted = 0;
	s->latest = NULL;
}

static void end_counting(struct step_search *s)
{
	if (s->step->only_last && s->latest)
		keep_call(s, s->latest);
}

static int by_line(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a;
	const struct node *y = *(const struct node *const *)b;

	return x->line < y->line ? -1 : x->line > y->line;
}

/* Removes duplicates: a call can be below several that match. */
static void sort_found(struct step_search *s)
{
	const struct node **all = s->found;
	size_t kept = 0;

	if (!arrlen(all))
		return;
	qsort(all, arrlen(all), sizeof(*all), by_line);
	for (size_t i = 1; i < arrlenu(all); i++)
		if (all[i] != all[kept])
			all[++kept] = all[i];
	arrsetlen(all, kept + 1);
}

/* --- a path --------------------------------------------------------- */

/* The first step counts across all threads. */
static void search_first(struct step_search *s,
			 const struct claim_context *in)
{
	if (in->scope) {
		search_children(s, in->scope);
		return;
	}
	for (unsigned int i = 0; i < in->capture->threads; i++)
		search_children(s, &in->capture->thread[i].root);
}

/* A step that does not count finds below a call all that it finds below the
 * calls inside. */
static bool is_searched(const struct claim_step *step, const struct node *n,
			unsigned int last_line)
{
	return step->deep && !step->first && !step->only_last &&
	       n->line <= last_line;
}

static void search_next(struct step_search *s,
			const struct node *const *from)
{
	unsigned int last_line = 0;	/* of the calls that we searched */

	for (size_t k = 0; k < arrlenu(from); k++) {
		if (is_searched(s->step, from[k], last_line))
			continue;
		begin_counting(s);
		search_children(s, from[k]);
		end_counting(s);
		last_line = node_last_line(from[k]);
	}
	sort_found(s);
}

const struct node **claim_find(const struct claim_context *in,
			       const struct claim_path *path,
			       unsigned int steps)
{
	struct step_search s = { .step = path->step };

	if (!steps)
		return NULL;
	search_first(&s, in);
	end_counting(&s);
	for (unsigned int i = 1; i < steps; i++) {
		const struct node **from = s.found;

		s.found = NULL;
		s.step = &path->step[i];
		search_next(&s, from);
		arrfree(from);
	}
	return s.found;
}
