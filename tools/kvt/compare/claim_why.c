// SPDX-License-Identifier: MIT
/* What a capture has instead of what a false claim says. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "compare/called_names.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_true.h"
#include "compare/claim_why.h"

enum {
	MOST_LISTED = 6,	/* calls in one message */
	MOST_NAMES = 12,	/* names in one message */
};

/* --- words ---------------------------------------------------------- */

static void put_called(FILE *out, const struct node *n)
{
	size_t length;
	const char *name = called_name(n, &length);

	fprintf(out, "%.*s", (int)length, name);
}

static void put_call_line(FILE *out, const struct node *n)
{
	fprintf(out, "  line %u: %s(%s)", n->line, n->name, n->args);
	if (n->open)
		fputs(" never returned", out);
	if (n->result)
		fprintf(out, " = %s", n->result);
	if (n->kind == NODE_SYSCALL && n->place)
		fprintf(out, "  %s", n->place);	/* as in kvt show */
	fputc('\n', out);
}

static void put_call_lines(FILE *out, const struct node *const *all)
{
	size_t count = arrlen(all);

	for (size_t i = 0; i < count && i < MOST_LISTED; i++)
		put_call_line(out, all[i]);
	if (count > MOST_LISTED)
		fprintf(out, "  … %zu more\n", count - MOST_LISTED);
}

/* Writes the path from the system call down to N. */
static void put_way_to(FILE *out, const struct node *n)
{
	if (n->parent && n->parent->name) {
		put_way_to(out, n->parent);
		fputs(" > ", out);
	}
	put_called(out, n);
}

static void put_part_of_claim(FILE *out, const struct claim *c, size_t at,
			      size_t end)
{
	fprintf(out, "%.*s", (int)(end - at), c->text + at);
}

static void put_scope(FILE *out, const struct claim_context *in)
{
	if (!in->scope)
		return;
	fprintf(out, "  in line %u: ", in->scope->line);
	put_called(out, in->scope);
	fputc('\n', out);
}

static void put_called_names(FILE *out, const struct called_name *all)
{
	const struct called_name *name = all;

	for (size_t i = 0; name && i < MOST_NAMES; i++, name = name->hh.next) {
		fprintf(out, "%s%.*s", i ? ", " : "", (int)name->length,
			name->text);
		if (name->count > 1)
			fprintf(out, " (%lu times)", name->count);
	}
	if (name)
		fprintf(out, ", … %u more", HASH_COUNT(all) - MOST_NAMES);
}

/* --- paths ---------------------------------------------------------- */

/* Finds what the first STEPS steps mean if only the name of the last one
 * counts and, if DEEP, it may be at any depth. */
static const struct node **find_by_name(const struct claim_context *in,
					const struct claim_path *path,
					unsigned int steps, bool deep)
{
	struct claim_path trial = { .steps = steps };
	const struct node **found;
	struct claim_step *last;

	trial.step = xcalloc(steps, sizeof(*trial.step));
	memcpy(trial.step, path->step, steps * sizeof(*trial.step));
	last = &trial.step[steps - 1];
	last->args = 0;
	last->first = last->last = 0;
	last->only_last = false;
	last->result = NULL;
	last->deep = last->deep || deep;
	found = claim_find(in, &trial, steps);
	free(trial.step);
	return found;
}

/* Handles a name that the capture lacks: has it a similar one? */
static void why_unknown(FILE *out, const struct capture *capture,
			const char *name)
{
	struct called_name *names = NULL;
	const struct called_name *like;

	for (unsigned int i = 0; i < capture->threads; i++)
		called_names_add_below(&names, &capture->thread[i].root, true);
	like = called_names_alike(names, name);
	fprintf(out, "  the capture has no %s", name);
	if (like)
		fprintf(out, "; it has %.*s", (int)like->length, like->text);
	fputc('\n', out);
	called_names_free(&names);
}

/* Handles a name that is not where the path says: is it elsewhere? */
static void why_no_name(FILE *out, const struct claim_context *in,
			const struct claim_step *step)
{
	const struct claim_context all = { .capture = in->capture };
	const struct claim_path path = {
		.step = (struct claim_step *)step, .steps = 1,
	};
	const struct node **found = find_by_name(&all, &path, 1, true);

	if (found) {
		fprintf(out, "  elsewhere, line %u: ", found[0]->line);
		put_way_to(out, found[0]);
		fputc('\n', out);
	} else {
		why_unknown(out, in->capture, step->name);
	}
	arrfree(found);
}

/* A thread's calls after its last system call are next to its system calls. */
static void add_syscalls(struct called_name **all, const struct node *root)
{
	for (unsigned int i = 0; i < root->children; i++)
		if (root->child[i]->kind == NODE_SYSCALL)
			called_names_add(all, root->child[i]);
}

/* Says what FROM calls instead, else the scope, else the capture. */
static void put_neighbors(FILE *out, const struct claim_context *in,
			  const struct node *const *from)
{
	struct called_name *names = NULL;

	for (size_t i = 0; i < arrlenu(from); i++)
		called_names_add_below(&names, from[i], false);
	if (!from && in->scope)
		called_names_add_below(&names, in->scope, false);
	for (unsigned int i = 0; i < in->capture->threads; i++)
		if (!from && !in->scope)
			add_syscalls(&names, &in->capture->thread[i].root);
	fputs(from || in->scope ? "  it calls " : "  its system calls: ", out);
	if (names)
		put_called_names(out, names);
	else
		fputs("nothing", out);
	fputc('\n', out);
	called_names_free(&names);
}

/* Explains why the name of step K is not where the path says. */
static void why_not_there(FILE *out, const struct claim_context *in,
			  const struct claim_path *path, unsigned int k,
			  const struct node *const *from)
{
	const struct node **deeper = find_by_name(in, path, k + 1, true);

	if (deeper) {
		fprintf(out, "  further down, line %u: ", deeper[0]->line);
		put_way_to(out, deeper[0]);
		fputc('\n', out);
	} else {
		why_no_name(out, in, &path->step[k]);
	}
	put_neighbors(out, in, from);
	arrfree(deeper);
}

/* Explains why step K, from 0, leads nowhere; FROM: what the steps before it
 * mean. */
static void why_no_step(FILE *out, const struct claim_context *in,
			const struct claim *c, const struct claim_path *path,
			unsigned int k, const struct node *const *from)
{
	const struct claim_step *step = &path->step[k];
	const struct node **named = find_by_name(in, path, k + 1, false);
	size_t count = arrlen(named);

	if (k) {
		fputs("  it has ", out);
		put_part_of_claim(out, c, path->at, path->step[k - 1].end);
		fprintf(out, " (line %u), but not then ", from[0]->line);
		put_part_of_claim(out, c, step->at, step->end);
		fputc('\n', out);
	}
	if (named) {
		fprintf(out, "  %s is there %zu time%s:\n", step->name, count,
			count == 1 ? "" : "s");
		put_call_lines(out, named);
	} else {
		why_not_there(out, in, path, k, from);
	}
	arrfree(named);
}

/* Explains a path that means no call: finds the first step that leads
 * nowhere. */
static void why_no_path(FILE *out, const struct claim_context *in,
			const struct claim *c, const struct claim_path *path)
{
	const struct node **from = NULL, **found;
	unsigned int k = 0;

	for (;; k++) {
		found = claim_find(in, path, k + 1);
		if (!found || k + 1 == path->steps)
			break;
		arrfree(from);
		from = found;
	}
	if (!found)
		why_no_step(out, in, c, path, k, from);
	arrfree(found);
	arrfree(from);
}

/* --- facts ---------------------------------------------------------- */

static void why_count(FILE *out, const struct node *const *found)
{
	size_t count = arrlen(found);

	fprintf(out, "  it is there %zu time%s:\n", count,
		count == 1 ? "" : "s");
	put_call_lines(out, found);
}

static void why_result(FILE *out, const struct claim_fact *f,
		       const struct node *const *found)
{
	const struct node **other = NULL;

	for (size_t i = 0; i < arrlenu(found); i++)
		if (!claim_returns(f->value, found[i]))
			arrput(other, found[i]);
	fprintf(out, "  %zu of %zu do%s not:\n", arrlenu(other),
		arrlenu(found), arrlen(other) == 1 ? "es" : "");
	put_call_lines(out, other);
	arrfree(other);
}

static void why_no_leaf(FILE *out, const struct node *const *found)
{
	struct called_name *names = NULL;

	for (size_t i = 0; i < arrlenu(found) && !names; i++) {
		called_names_add_below(&names, found[i], false);
		if (!names)
			continue;
		put_call_line(out, found[i]);
		fputs("  it calls ", out);
		put_called_names(out, names);
		fputc('\n', out);
	}
	called_names_free(&names);
}

/* Sets *X and *Y to the first calls that two trees do not have in common;
 * false if the trees are alike. */
static bool first_difference(const struct node *a, const struct node *b,
			     const struct node **x, const struct node **y)
{
	unsigned int least = a->children < b->children ? a->children
						       : b->children;

	if (a->shape == b->shape)
		return false;
	for (unsigned int i = 0; i < least; i++)
		if (first_difference(a->child[i], b->child[i], x, y))
			return true;
	*x = a->children > least ? a->child[least] : a;
	*y = b->children > least ? b->child[least] : b;
	return true;
}

static void why_not_alike(FILE *out, const struct node *const *found)
{
	const struct node *first = found[0], *x, *y;
	size_t i = 1, count = arrlen(found);

	if (count == 1) {
		fprintf(out, "  there is only one, in line %u\n", first->line);
		return;
	}
	while (i < count - 1 && found[i]->shape == first->shape)
		i++;
	if (!first_difference(first, found[i], &x, &y))
		return;
	fprintf(out, "  the one in line %u is not like the first, in line %u;"
		" they part here:\n", found[i]->line, first->line);
	put_call_line(out, x);
	put_call_line(out, y);
}

static void put_order(FILE *out, const struct node *last,
		      const struct node *next)
{
	fputs("  the last ", out);
	put_called(out, last);
	fprintf(out, " returns in line %u, the first ", node_last_line(last));
	put_called(out, next);
	fprintf(out, " begins in line %u:\n", next->line);
	put_call_line(out, last);
	put_call_line(out, next);
}

static void why_order(FILE *out, const struct claim_context *in,
		      const struct claim *c, const struct claim_path *x,
		      const struct claim_path *y)
{
	const struct node **a = claim_find(in, x, x->steps);
	const struct node **b = claim_find(in, y, y->steps);

	if (!a || !b)
		why_no_path(out, in, c, a ? y : x);
	else if (node_root(a[0]) != node_root(b[0]))
		fputs("  they are calls of two threads, between which a"
		      " capture has no order\n", out);
	else
		put_order(out, arrlast(a), b[0]);
	arrfree(a);
	arrfree(b);
}

/* Explains the first pair that is out of order. */
static void why_not_before(FILE *out, const struct claim_context *in,
			   const struct claim *c, const struct claim_fact *f)
{
	for (unsigned int i = 1; i < f->paths; i++)
		if (!claim_is_before(in, &f->path[i - 1], &f->path[i])) {
			why_order(out, in, c, &f->path[i - 1], &f->path[i]);
			return;
		}
}

static void put_gap(FILE *out, const struct node *behind,
		    const struct node *ahead)
{
	fputs(ahead ? "  there is none between these two:\n"
		    : "  there is none behind this one:\n", out);
	put_call_line(out, behind);
	if (ahead)
		put_call_line(out, ahead);
}

/* Explains the first place where there is none. */
static void why_not_after_each(FILE *out, const struct claim_context *in,
			       const struct claim *c,
			       const struct claim_fact *f)
{
	const struct node **a = claim_find(in, &f->path[0], f->path[0].steps);
	const struct node **each = claim_find(in, &f->path[1],
					      f->path[1].steps);
	size_t count = arrlenu(each), i = 0;

	if (!a || !each) {
		why_no_path(out, in, c, &f->path[a ? 1 : 0]);
	} else {
		while (i + 1 < count &&
		       claim_has_between(a, each[i], each[i + 1]))
			i++;
		put_gap(out, each[i], i + 1 < count ? each[i + 1] : NULL);
	}
	arrfree(a);
	arrfree(each);
}

void claim_why(FILE *out, const struct claim_context *in,
	       const struct claim *c, const struct claim_fact *f)
{
	const struct node **found;

	put_scope(out, in);
	if (f->kind == CLAIM_BEFORE) {
		why_not_before(out, in, c, f);
		return;
	}
	if (f->kind == CLAIM_AFTER_EACH) {
		why_not_after_each(out, in, c, f);
		return;
	}
	found = claim_find(in, &f->path[0], f->path[0].steps);
	if (!found)
		why_no_path(out, in, c, &f->path[0]);
	else if (f->kind == CLAIM_COUNT)
		why_count(out, found);
	else if (f->kind == CLAIM_RETURNS)
		why_result(out, f, found);
	else if (f->kind == CLAIM_LEAF)
		why_no_leaf(out, found);
	else
		why_not_alike(out, found);
	arrfree(found);
}

void claim_why_no_scope(FILE *out, const struct claim_context *in,
			const struct claim *c)
{
	why_no_path(out, in, c, &c->scope);
}
