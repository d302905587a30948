// SPDX-License-Identifier: MIT
/* What a view selects of a capture, as a tree for each thread. */
#include <stdlib.h>

#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "compare/selected.h"

struct selection {
	const struct capture *c;
	struct selected_thread *thread;
};

static void select_thread(void *data, const struct thread *t)
{
	struct selection *s = data;
	const struct selected_thread thread = {
		.name = t->name, .number = strtoul(t->name, NULL, 10),
	};

	arrput(s->thread, thread);
}

static void select_call(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct selection *s = data;

	(void)depth;
	(void)times;
	(void)below;
	if (level)
		return;
	/* The walk names threads only if there are several. */
	if (!s->thread)
		select_thread(s, &s->c->thread[0]);
	arrput(arrlast(s->thread).root.child, (struct node *)n);
}

static void select_no_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void select_no_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

struct selected_thread *select_calls(const struct capture *c,
				     const struct view *v, unsigned int by)
{
	static const struct tree_ops ops = {
		select_thread, select_no_group, select_no_end, select_call,
		select_no_group,
	};
	struct selection s = { .c = c };
	struct view all = *v;

	all.depth = 1;
	all.unfold = all.optional = true;
	tree_walk(c, &all, &ops, &s);
	for (size_t i = 0; i < arrlenu(s.thread); i++) {
		struct node *root = &s.thread[i].root;

		root->children = arrlen(root->child);
		tree_fold_by(root, by);
	}
	return s.thread;
}

void selected_free(struct selected_thread *all)
{
	for (size_t i = 0; i < arrlenu(all); i++)
		arrfree(all[i].root.child);
	arrfree(all);
}
