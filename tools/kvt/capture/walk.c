// SPDX-License-Identifier: MIT
/* Walks the selected part of a capture. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"

static bool is_syscall(const struct node *n, const char *name)
{
	size_t length;
	const char *request = request_of(n, &length);

	if (n->kind != NODE_SYSCALL)
		return false;
	return !strcmp(n->name, name) ||
	       (length == strlen(name) && !strncmp(request, name, length));
}

/* Does AT mean the place of a system call, "code/04-vcpu.c:27"?  It may
 * leave out directories: "04-vcpu.c:27". */
static bool is_at(const struct node *n, const char *at)
{
	size_t length, wanted = strlen(at);

	if (n->kind != NODE_SYSCALL || !n->place)
		return false;
	length = strlen(n->place);
	return length >= wanted &&
	       !strcmp(n->place + length - wanted, at) &&
	       (length == wanted || n->place[length - wanted - 1] == '/');
}

struct walk {
	const struct capture *c;
	const struct view *view;
	const struct tree_ops *ops;
	void *data;
	const struct thread *thread;	/* the last one shown */
	bool folded;			/* heed the marks of tree_fold() */
	long matches;
	bool any;
};

static bool is_hidden(const struct walk *w, const struct node *n)
{
	return w->folded && n->hidden;
}

static bool is_group(const struct walk *w, const struct node *n)
{
	return w->folded && n->group > 1;
}

/* Returns how often N comes in a row by itself; its group says that for its
 * calls. */
static unsigned int times_in_row(const struct walk *w, const struct node *n)
{
	return w->folded && n->group == 1 ? n->times : 1;
}

static void visit(struct walk *w, const struct node *n, long depth,
		  long level, unsigned int times);

static void visit_children(struct walk *w, const struct node *n, long depth,
			   long level)
{
	unsigned int left = 0;	/* of a group */

	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (is_hidden(w, c))
			continue;
		if (is_group(w, c) && c->leader) {
			w->ops->group(w->data, c, depth);
			left = c->group;
		}
		visit(w, c, depth + (left > 0), level, times_in_row(w, c));
		if (left && !--left)
			w->ops->group_end(w->data, depth);
	}
}

static void visit(struct walk *w, const struct node *n, long depth,
		  long level, unsigned int times)
{
	/* Levels do not count: the same depth shows the same calls. */
	bool cut = w->view->depth && level >= w->view->depth && !is_level(n);

	if (w->view->traced && is_level(n)) {
		visit_children(w, n, depth, level);
		return;
	}
	w->any = true;
	w->ops->enter(w->data, n, depth, level, times,
		      cut ? tree_count(n) : 0);
	if (!cut)
		visit_children(w, n, depth + 1, level + !is_level(n));
	w->ops->leave(w->data, n, depth);
}

static void name_thread(struct walk *w, const struct thread *t)
{
	if (w->c->threads > 1 && t != w->thread)
		w->ops->thread(w->data, t);
	w->thread = t;
}

/* The view asks for N by name. */
static void match(struct walk *w, const struct thread *t,
		  const struct node *n)
{
	bool by_number = w->view->nth;

	w->matches++;
	if (by_number ? w->matches != w->view->nth : is_hidden(w, n))
		return;
	name_thread(w, t);
	visit(w, n, 0, 0, by_number || !w->folded ? 1 : n->times ?: 1);
}

static void match_function(struct walk *w, const struct thread *t,
			   const struct node *n)
{
	if ((n->kind == NODE_CALL || (is_level(n) && !w->view->traced)) &&
	    !strcmp(n->name, w->view->function)) {
		match(w, t, n);
		return;
	}
	for (unsigned int i = 0; i < n->children; i++)
		match_function(w, t, n->child[i]);
}

bool tree_shows_all(const struct view *v)
{
	return !v->syscall && !v->function && !v->nth && !v->at;
}

/* Visits what the view asks for in N, an outermost call. */
static void walk_top(struct walk *w, const struct thread *t,
		     const struct node *n)
{
	const struct view *v = w->view;

	if (v->syscall && !is_syscall(n, v->syscall))
		return;
	if (v->at && !is_at(n, v->at))
		return;
	if (v->function)
		match_function(w, t, n);
	else
		match(w, t, n);
}

static void walk_thread(struct walk *w, const struct thread *t)
{
	if (tree_shows_all(w->view)) {
		name_thread(w, t);
		visit_children(w, &t->root, 0, 0);
		return;
	}
	for (unsigned int i = 0; i < t->root.children; i++)
		walk_top(w, t, t->root.child[i]);
}

static void walk_streamed(void *data, const struct thread *t, struct node *n)
{
	struct walk *w = data;

	if (!tree_shows_all(w->view)) {
		walk_top(w, t, n);
		return;
	}
	name_thread(w, t);
	visit(w, n, 0, 0, 1);
}

char *tree_asked(const struct view *v)
{
	char nth[32] = "";

	if (v->nth)
		snprintf(nth, sizeof(nth), " --nth %ld", v->nth);
	return xasprintf("%s%s%s%s%s%s%s",
			 v->syscall ? " --syscall " : "", v->syscall ?: "",
			 v->at ? " --at " : "", v->at ?: "",
			 v->function ? " --function " : "",
			 v->function ?: "", nth);
}

void view_prepare(struct capture *c, const struct view *v)
{
	if (c->stream)
		return;
	if (v->traced)
		tree_flatten(c);
	for (unsigned int i = 0; i < c->threads && !v->unfold; i++)
		tree_fold_by(&c->thread[i].root, FOLD_PLACES);
}

void tree_walk(const struct capture *c, const struct view *v,
	       const struct tree_ops *ops, void *data)
{
	struct walk w = {
		.c = c, .view = v, .ops = ops, .data = data,
		.folded = !v->unfold && !c->stream,
	};

	if (c->stream)
		capture_each(c, walk_streamed, &w);
	for (unsigned int i = 0; i < c->threads && !c->stream; i++)
		walk_thread(&w, &c->thread[i]);
	if (!w.any && !v->optional && !tree_shows_all(v))
		die(KVT_USAGE, "%s has no call that fits%s", c->file,
		    tree_asked(v));
}

unsigned long tree_count(const struct node *n)
{
	unsigned long count = 0;

	for (unsigned int i = 0; i < n->children; i++)
		count += !is_level(n->child[i]) + tree_count(n->child[i]);
	return count;
}

bool tree_group_alike(const struct node *n)
{
	const struct node *p = n->parent;

	for (unsigned int i = 1; i < n->times; i++) {
		const struct node *m = p->child[n->index + i * n->group];

		if (strcmp(m->args, n->args) ||
		    strcmp(m->place ?: "", n->place ?: "") ||
		    strcmp(m->result ?: "", n->result ?: ""))
			return false;
	}
	return true;
}
