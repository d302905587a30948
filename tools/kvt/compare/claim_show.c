// SPDX-License-Identifier: MIT
/* kvt claim --evidence: the calls that make a claim true. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/markup.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_show.h"
#include "view/html.h"
#include "view/show.h"

enum {
	MOST_CALLS = 12,	/* to show for one fact */
	MOST_SCOPES = 3,	/* beyond, show only the first */
	MOST_BELOW = 60,	/* of a tree that we show whole */
};

enum {
	MEANT = 1,		/* a step of the claim */
	SHOWN = 2,		/* a step, or on the way to one */
	OPENED = 4,		/* show its children, too */
	LEFT_OUT = 8,		/* a step, but there are too many */
};

struct evidence {
	const struct capture *capture;
	unsigned char *flag;	/* by the line of a call */
	const struct page *page;	/* or NULL: for a terminal */
	const struct painter *painter;
};

/* --- which calls ---------------------------------------------------- */

static unsigned int last_line_of_all(const struct capture *capture)
{
	unsigned int last = 0;

	for (unsigned int i = 0; i < capture->threads; i++) {
		unsigned int line = node_last_line(&capture->thread[i].root);

		last = line > last ? line : last;
	}
	return last;
}

static void show_way(struct evidence *e, const struct node *n,
		     unsigned char flags)
{
	e->flag[n->line] |= flags | SHOWN;
	for (n = n->parent; n && n->name; n = n->parent)
		e->flag[n->line] |= SHOWN;
}

/* Marks the calls that PATH means, and those of its first steps that lead
 * there. */
static void mark_path(struct evidence *e, const struct claim_context *in,
		      const struct claim_path *path)
{
	const struct node **found = claim_find(in, path, path->steps);

	for (size_t i = 0; i < arrlenu(found); i++)
		if (i < MOST_CALLS)
			show_way(e, found[i], MEANT);
		else
			e->flag[found[i]->line] |= LEFT_OUT;
	arrfree(found);
	for (unsigned int k = 1; k < path->steps; k++) {
		found = claim_find(in, path, k);
		for (size_t i = 0; i < arrlenu(found); i++)
			if (e->flag[found[i]->line] & SHOWN)
				e->flag[found[i]->line] |= MEANT;
		arrfree(found);
	}
}

/* Marks, for calls that do not exist, the calls that would contain them. */
static void mark_absence(struct evidence *e, const struct claim_context *in,
			 const struct claim_path *path)
{
	const struct node **found = NULL;

	for (unsigned int k = path->steps - 1; k && !found; k--)
		found = claim_find(in, path, k);
	for (size_t i = 0; i < arrlenu(found) && i < MOST_SCOPES; i++)
		show_way(e, found[i], MEANT | OPENED);
	if (!found && in->scope)
		show_way(e, in->scope, OPENED);
	arrfree(found);
}

/* Marks a whole tree that others equal, unless it is long. */
static void open_tree(struct evidence *e, const struct node *n)
{
	e->flag[n->line] |= SHOWN | OPENED;
	for (unsigned int i = 0; i < n->children; i++)
		open_tree(e, n->child[i]);
}

static void mark_model(struct evidence *e, const struct node *n)
{
	show_way(e, n, OPENED);
	if (tree_count(n) <= MOST_BELOW)
		open_tree(e, n);
}

static void mark_fact(struct evidence *e, const struct claim_context *in,
		      const struct claim_fact *f)
{
	const struct node **found = claim_find(in, &f->path[0],
					       f->path[0].steps);

	if (!found)
		mark_absence(e, in, &f->path[0]);
	else if (f->kind == CLAIM_ALIKE)
		mark_model(e, found[0]);
	arrfree(found);
	for (unsigned int i = 0; i < f->paths; i++)
		mark_path(e, in, &f->path[i]);
}

static void mark_claim(struct evidence *e, const struct claim *c,
		       const struct node *const *scope)
{
	struct claim_context in = { .capture = e->capture };
	size_t all = arrlen(scope), scopes = all > MOST_SCOPES ? 1 : all;
	size_t i = 0;

	do {
		if (all) {
			in.scope = scope[i];
			show_way(e, in.scope, MEANT);
		}
		for (unsigned int k = 0; k < c->facts; k++)
			mark_fact(e, &in, &c->fact[k]);
	} while (++i < scopes);
	for (; i < all; i++)
		e->flag[scope[i]->line] |= LEFT_OUT;
}

/* --- printing ------------------------------------------------------- */

static void indent_evidence(const struct evidence *e, int depth,
			    const char *margin)
{
	if (!e->page)
		printf("%s%*s", margin, 2 * depth, "");
}

static unsigned long count_left_out(const struct evidence *e,
				    const struct node *n)
{
	unsigned long count = (e->flag[n->line] & LEFT_OUT) != 0;

	for (unsigned int i = 0; i < n->children; i++)
		count += count_left_out(e, n->child[i]);
	return count;
}

struct left_out {
	unsigned long calls, left_out;
};

static void put_left_out(const struct evidence *e, struct left_out *gap,
			 int depth)
{
	char *text;

	if (!gap->calls)
		return;
	indent_evidence(e, depth, "  ");
	if (gap->left_out)
		text = xasprintf("… %lu more of these", gap->left_out);
	else
		text = xasprintf("… %lu other%s", gap->calls,
				 gap->calls == 1 ? "" : "s");
	if (e->page) {
		markup_leaf(&e->page->out->m, "li", "more", text);
		markup_text(&e->page->out->m, "\n");
	} else {
		show_paint(e->painter, DIM);
		fputs(text, stdout);
		show_paint(e->painter, PLAIN);
		putchar('\n');
	}
	free(text);
	*gap = (struct left_out){ .calls = 0 };
}

/* Is there anything to print below N, if only a number? */
static bool has_below(const struct evidence *e, const struct node *n)
{
	if (e->flag[n->line] & OPENED)
		return n->children;
	for (unsigned int i = 0; i < n->children; i++)
		if (e->flag[n->child[i]->line] & SHOWN)
			return true;
	return false;
}

static void put_evidence_line(const struct evidence *e,
			      const struct node *n, int depth)
{
	bool meant = e->flag[n->line] & MEANT;
	unsigned long below = has_below(e, n) ? 0 : tree_count(n);

	indent_evidence(e, depth, meant ? "* " : "  ");
	show_call(e->painter, n);
	show_place(e->painter, n);
	if (below)
		printf("  … %lu below", below);
	putchar('\n');
}

static void write_evidence_line(const struct evidence *e,
				const struct node *n)
{
	struct markup *m = &e->page->out->m;
	unsigned long below = has_below(e, n) ? 0 : tree_count(n);

	html_call(e->page, n);
	html_place(e->page, n);
	if (!below)
		return;
	markup_text(m, " ");
	markup_open_class(m, "span", "more");
	markup_printf(m, "… %lu below", below);
	markup_close(m);
}

static void put_evidence_below(const struct evidence *e,
			       const struct node *n, int depth, bool all);

/* Writes a call and its children; before a list, the call is a div. */
static void write_evidence_node(const struct evidence *e, const struct node *n,
				int depth)
{
	struct markup *m = &e->page->out->m;
	const char *class = e->flag[n->line] & MEANT ? "leaf claimed" : "leaf";
	bool below = has_below(e, n);

	markup_open(m, "li");
	if (below)
		markup_open(m, "div");
	markup_attribute(m, "class", class);
	write_evidence_line(e, n);
	if (below) {
		markup_close(m);
		markup_open(m, "ul");
		markup_text(m, "\n");
		put_evidence_below(e, n, depth + 1,
				   e->flag[n->line] & OPENED);
		markup_close(m);
	}
	markup_close(m);
	markup_text(m, "\n");
}

static void put_node(const struct evidence *e, const struct node *n,
		     int depth)
{
	if (e->page) {
		write_evidence_node(e, n, depth);
		return;
	}
	put_evidence_line(e, n, depth);
	if (has_below(e, n))
		put_evidence_below(e, n, depth + 1,
				   e->flag[n->line] & OPENED);
}

/* ALL: print unmarked children, too, but not theirs. */
static void put_evidence_below(const struct evidence *e,
			       const struct node *n, int depth, bool all)
{
	struct left_out gap = { .calls = 0 };

	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (!all && !(e->flag[c->line] & SHOWN)) {
			gap.calls++;
			gap.left_out += count_left_out(e, c);
			continue;
		}
		put_left_out(e, &gap, depth);
		put_node(e, c, depth);
	}
	put_left_out(e, &gap, depth);
}

static void put_thread(const struct evidence *e, const struct thread *t)
{
	if (e->capture->threads > 1 && e->page) {
		struct markup *m = &e->page->out->m;

		markup_open_class(m, "li", "thread");
		markup_text(m, "thread ");
		markup_text(m, t->name);
		markup_close(m);
		markup_text(m, "\n");
	} else if (e->capture->threads > 1) {
		printf("  thread %s\n", t->name);
	}
	put_evidence_below(e, &t->root, 0, false);
}

void claim_show(const struct capture *capture, const struct claim *c,
		const struct node *const *scope, const struct page *page,
		const struct painter *painter)
{
	struct evidence e = {
		.capture = capture, .page = page, .painter = painter,
		.flag = xcalloc(last_line_of_all(capture) + 2, 1),
	};

	mark_claim(&e, c, scope);
	if (page) {
		markup_open_class(&page->out->m, "div", "kvt-tree");
		markup_open(&page->out->m, "ul");
		markup_text(&page->out->m, "\n");
	}
	for (unsigned int i = 0; i < capture->threads; i++)
		put_thread(&e, &capture->thread[i]);
	if (page) {
		markup_close(&page->out->m);
		markup_close(&page->out->m);
		markup_text(&page->out->m, "\n");
	}
	free(e.flag);
}
