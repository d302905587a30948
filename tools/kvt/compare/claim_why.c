// SPDX-License-Identifier: MIT
/* kvt claim: what a capture has instead of what a false claim says. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/claim.h"

enum {
	MOST = 6,		/* calls or names that one message lists */
	LONGEST_NAME = 64,	/* that is compared with what was meant */
};

/* --- words ---------------------------------------------------------- */

/* What a reader calls it: an ioctl by its request. */
static void put_name(FILE *out, const struct node *n)
{
	size_t length;
	const char *request = request_of(n, &length);

	if (length)
		fprintf(out, "%.*s", (int)length, request);
	else
		fputs(n->name, out);
}

static void put_call(FILE *out, const struct node *n)
{
	fprintf(out, "  line %u: %s(%s)", n->line, n->name, n->args);
	if (n->open)
		fputs(" never returned", out);
	if (n->result)
		fprintf(out, " = %s", n->result);
	if (n->kind == NODE_SYSCALL && n->place)
		fprintf(out, "  %s", n->place);	/* as kvt show has it */
	fputc('\n', out);
}

static void put_calls(FILE *out, const struct calls *all)
{
	for (size_t i = 0; i < all->count && i < MOST; i++)
		put_call(out, all->node[i]);
	if (all->count > MOST)
		fprintf(out, "  … %zu more\n", all->count - MOST);
}

/* From the system call down to N. */
static void put_way(FILE *out, const struct node *n)
{
	if (n->parent && n->parent->name) {
		put_way(out, n->parent);
		fputs(" > ", out);
	}
	put_name(out, n);
}

static void put_part(FILE *out, const struct claim *c, size_t at, size_t end)
{
	fprintf(out, "%.*s", (int)(end - at), c->text + at);
}

static void put_scope(FILE *out, const struct context *in)
{
	if (!in->scope)
		return;
	fprintf(out, "  in line %u: ", in->scope->line);
	put_name(out, in->scope);
	fputc('\n', out);
}

/* --- names ---------------------------------------------------------- */

struct name {
	const char *text;	/* not terminated */
	size_t length;
	unsigned long count;
};

struct names {
	struct name *name;
	size_t count;
};

static void count_name(struct names *all, const struct node *n)
{
	size_t length;
	const char *text = request_of(n, &length);

	if (!length) {
		text = n->name;
		length = strlen(text);
	}
	for (size_t i = 0; i < all->count; i++)
		if (all->name[i].length == length &&
		    !memcmp(all->name[i].text, text, length)) {
			all->name[i].count++;
			return;
		}
	all->name = xrealloc(all->name,
			     (all->count + 1) * sizeof(*all->name));
	all->name[all->count++] = (struct name){ text, length, 1 };
}

static void count_below(struct names *all, const struct node *n, bool deep)
{
	for (unsigned int i = 0; i < n->children; i++) {
		bool level = is_level(n->child[i]);

		if (deep || !level)
			count_name(all, n->child[i]);
		if (deep || level)
			count_below(all, n->child[i], deep);
	}
}

/* Not what a thread's end called, which stands beside them. */
static void count_syscalls(struct names *all, const struct node *root)
{
	for (unsigned int i = 0; i < root->children; i++)
		if (root->child[i]->kind == NODE_SYSCALL)
			count_name(all, root->child[i]);
}

static void put_names(FILE *out, const struct names *all)
{
	for (size_t i = 0; i < all->count && i < 2 * MOST; i++) {
		fprintf(out, "%s%.*s", i ? ", " : "",
			(int)all->name[i].length, all->name[i].text);
		if (all->name[i].count > 1)
			fprintf(out, " (%lu times)", all->name[i].count);
	}
	if (all->count > 2 * MOST)
		fprintf(out, ", … %zu more", all->count - 2 * MOST);
}

/* How many letters have to change, come or go to make B of A. */
static size_t distance(const char *a, size_t as, const char *b, size_t bs)
{
	size_t row[LONGEST_NAME + 1], left, above;

	for (size_t k = 0; k <= bs; k++)
		row[k] = k;
	for (size_t i = 1; i <= as; i++) {
		left = row[0];
		row[0] = i;
		for (size_t k = 1; k <= bs; k++) {
			size_t best = left + (a[i - 1] != b[k - 1]);

			above = row[k];
			best = above + 1 < best ? above + 1 : best;
			best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
			row[k] = best;
			left = above;
		}
	}
	return row[bs];
}

/* The name of the capture that is most like TEXT; NULL if none is. */
static const struct name *most_alike(const struct names *all,
				     const char *text)
{
	size_t size = strlen(text), best = size / 3 + 1;
	const struct name *found = NULL;

	for (size_t i = 0; i < all->count && size <= LONGEST_NAME; i++) {
		const struct name *n = &all->name[i];
		size_t d;

		if (n->length > LONGEST_NAME)
			continue;
		d = distance(text, size, n->text, n->length);
		if (d < best) {
			best = d;
			found = n;
		}
	}
	return found;
}

/* --- paths ---------------------------------------------------------- */

/* What the first STEPS steps mean when of the last only the name counts,
 * and, if DEEP, not how far down it is. */
static void find_by_name(const struct context *in,
			 const struct claim_path *path, unsigned int steps,
			 bool deep, struct calls *found)
{
	struct claim_path trial = { .steps = steps };
	struct claim_step *last;

	trial.step = xcalloc(steps, sizeof(*trial.step));
	memcpy(trial.step, path->step, steps * sizeof(*trial.step));
	last = &trial.step[steps - 1];
	last->args = 0;
	last->first = last->last = 0;
	last->only_last = false;
	last->result = NULL;
	last->deep = last->deep || deep;
	claim_find(in, &trial, steps, found);
	free(trial.step);
}

/* The name is not where the path says: is it anywhere? */
static void why_no_name(FILE *out, const struct context *in,
			const struct claim_step *step)
{
	const struct context all = { .capture = in->capture };
	const struct claim_path path = { (struct claim_step *)step, 1, 0, 0 };
	const struct name *like;
	struct names names = { .count = 0 };
	struct calls found;

	find_by_name(&all, &path, 1, true, &found);
	if (found.count) {
		fprintf(out, "  elsewhere, line %u: ", found.node[0]->line);
		put_way(out, found.node[0]);
		fputc('\n', out);
	} else {
		for (unsigned int i = 0; i < in->capture->threads; i++)
			count_below(&names, &in->capture->thread[i].root, true);
		like = most_alike(&names, step->name);
		fprintf(out, "  the capture has no %s", step->name);
		if (like)
			fprintf(out, "; it has %.*s", (int)like->length,
				like->text);
		fputc('\n', out);
	}
	free(names.name);
	calls_free(&found);
}

static void put_neighbours(FILE *out, const struct context *in,
			   const struct calls *from)
{
	struct names names = { .count = 0 };

	for (size_t i = 0; i < from->count; i++)
		count_below(&names, from->node[i], false);
	if (!from->count && in->scope)
		count_below(&names, in->scope, false);
	for (unsigned int i = 0; i < in->capture->threads; i++)
		if (!from->count && !in->scope)
			count_syscalls(&names, &in->capture->thread[i].root);
	fputs(from->count || in->scope ? "  it calls " :
	      "  its system calls: ", out);
	if (names.count)
		put_names(out, &names);
	else
		fputs("nothing", out);
	fputc('\n', out);
	free(names.name);
}

/* Step K, from 0, leads nowhere; FROM is what the steps before it mean. */
static void why_no_step(FILE *out, const struct context *in,
			const struct claim *c, const struct claim_path *path,
			unsigned int k, const struct calls *from)
{
	const struct claim_step *step = &path->step[k];
	struct calls named;

	if (k) {
		fputs("  it has ", out);
		put_part(out, c, path->at, path->step[k - 1].end);
		fprintf(out, " (line %u), but not then ", from->node[0]->line);
		put_part(out, c, step->at, step->end);
		fputc('\n', out);
	}
	find_by_name(in, path, k + 1, false, &named);
	if (named.count) {
		fprintf(out, "  %s is there %zu time%s:\n", step->name,
			named.count, named.count == 1 ? "" : "s");
		put_calls(out, &named);
		calls_free(&named);
		return;
	}
	find_by_name(in, path, k + 1, true, &named);
	if (named.count) {
		fprintf(out, "  further down, line %u: ",
			named.node[0]->line);
		put_way(out, named.node[0]);
		fputc('\n', out);
	} else {
		why_no_name(out, in, step);
	}
	put_neighbours(out, in, from);
	calls_free(&named);
}

/* The path means no call at all. */
static void why_no_path(FILE *out, const struct context *in,
			const struct claim *c, const struct claim_path *path)
{
	struct calls from = { .count = 0 }, found;
	unsigned int k = 0;

	for (;; k++) {
		claim_find(in, path, k + 1, &found);
		if (!found.count || k + 1 == path->steps)
			break;
		calls_free(&from);
		from = found;
	}
	if (!found.count)
		why_no_step(out, in, c, path, k, &from);
	calls_free(&found);
	calls_free(&from);
}

/* --- facts ---------------------------------------------------------- */

static void why_count(FILE *out, const struct calls *found)
{
	fprintf(out, "  it is there %zu time%s:\n", found->count,
		found->count == 1 ? "" : "s");
	put_calls(out, found);
}

static void why_result(FILE *out, const struct claim_fact *f,
		       const struct calls *found)
{
	struct calls other = { .count = 0 };

	for (size_t i = 0; i < found->count; i++)
		if (!claim_returns(f->value, found->node[i]))
			calls_add(&other, found->node[i]);
	fprintf(out, "  %zu of %zu do%s not:\n", other.count, found->count,
		other.count == 1 ? "es" : "");
	put_calls(out, &other);
	calls_free(&other);
}

static void why_no_leaf(FILE *out, const struct calls *found)
{
	struct names names = { .count = 0 };
	const struct node *n = NULL;

	for (size_t i = 0; i < found->count && !names.count; i++) {
		n = found->node[i];
		count_below(&names, n, false);
	}
	if (!n)
		return;
	put_call(out, n);
	fputs("  it calls ", out);
	put_names(out, &names);
	fputc('\n', out);
	free(names.name);
}

/* The first calls at which two trees part; false if they do not. */
static bool part(const struct node *a, const struct node *b,
		 const struct node **x, const struct node **y)
{
	unsigned int least = a->children < b->children ? a->children
						       : b->children;

	if (a->shape == b->shape)
		return false;
	for (unsigned int i = 0; i < least; i++)
		if (part(a->child[i], b->child[i], x, y))
			return true;
	*x = a->children > least ? a->child[least] : a;
	*y = b->children > least ? b->child[least] : b;
	return true;
}

static void why_not_alike(FILE *out, const struct calls *found)
{
	const struct node *first = found->node[0], *x, *y;
	size_t i = 1;

	if (found->count == 1) {
		fprintf(out, "  there is only one, in line %u\n", first->line);
		return;
	}
	while (i < found->count - 1 && found->node[i]->shape == first->shape)
		i++;
	if (!part(first, found->node[i], &x, &y))
		return;
	fprintf(out, "  the one in line %u is not like the first, in line %u;"
		" they part here:\n", found->node[i]->line, first->line);
	put_call(out, x);
	put_call(out, y);
}

static void why_order(FILE *out, const struct context *in,
		      const struct claim *c, const struct claim_path *x,
		      const struct claim_path *y)
{
	struct calls a, b;

	claim_find(in, x, x->steps, &a);
	claim_find(in, y, y->steps, &b);
	if (!a.count || !b.count) {
		why_no_path(out, in, c, a.count ? y : x);
	} else if (node_root(a.node[0]) != node_root(b.node[0])) {
		fputs("  they are calls of two threads, between which a"
		      " capture has no order\n", out);
	} else {
		const struct node *last = a.node[a.count - 1];

		fputs("  the last ", out);
		put_name(out, last);
		fprintf(out, " returns in line %u, the first ",
			node_last_line(last));
		put_name(out, b.node[0]);
		fprintf(out, " begins in line %u:\n", b.node[0]->line);
		put_call(out, last);
		put_call(out, b.node[0]);
	}
	calls_free(&a);
	calls_free(&b);
}

/* Of the pairs that should be in order, the first that is not. */
static void why_not_before(FILE *out, const struct context *in,
			   const struct claim *c, const struct claim_fact *f)
{
	for (unsigned int i = 1; i < f->paths; i++)
		if (!claim_is_before(in, &f->path[i - 1], &f->path[i])) {
			why_order(out, in, c, &f->path[i - 1], &f->path[i]);
			return;
		}
}

void claim_why(FILE *out, const struct context *in, const struct claim *c,
	       const struct claim_fact *f)
{
	struct calls found;

	put_scope(out, in);
	if (f->kind == CLAIM_BEFORE) {
		why_not_before(out, in, c, f);
		return;
	}
	claim_find(in, &f->path[0], f->path[0].steps, &found);
	if (!found.count)
		why_no_path(out, in, c, &f->path[0]);
	else if (f->kind == CLAIM_COUNT)
		why_count(out, &found);
	else if (f->kind == CLAIM_RETURNS)
		why_result(out, f, &found);
	else if (f->kind == CLAIM_LEAF)
		why_no_leaf(out, &found);
	else
		why_not_alike(out, &found);
	calls_free(&found);
}

void claim_why_no_scope(FILE *out, const struct context *in,
			const struct claim *c)
{
	why_no_path(out, in, c, &c->scope);
}
