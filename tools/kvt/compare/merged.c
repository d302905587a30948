// SPDX-License-Identifier: MIT
/* The merged tree of two captures, and what a line says of a call in it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "compare/merged.h"
#include "compare/unit.h"

struct merged_call *merged_add(struct merged_call *parent, enum mark mark)
{
	struct merged_call *m = xcalloc(1, sizeof(*m));

	m->mark = mark;
	m->parent = parent;
	m->leader = true;
	m->group = 1;
	arrput(parent->child, m);
	return m;
}

void merged_group(struct merged_call *parent, unsigned int first,
		  unsigned int a, unsigned int b)
{
	unsigned int count = arrlen(parent->child);

	for (unsigned int i = first; i < count; i++) {
		parent->child[i]->group = count - first;
		parent->child[i]->leader = i == first;
	}
	parent->child[first]->rounds[0] = a;
	parent->child[first]->rounds[1] = b;
}

enum mark merged_group_mark(const struct merged_call *first)
{
	if (!first->rounds[1])
		return ONLY_A;
	if (!first->rounds[0])
		return ONLY_B;
	return first->rounds[0] == first->rounds[1] ? BOTH : CHANGED;
}

void merged_free(struct merged_call *m)
{
	for (unsigned int i = 0; i < arrlen(m->child); i++) {
		merged_free(m->child[i]);
		free(m->child[i]->note);
		free(m->child[i]);
	}
	arrfree(m->child);
}

/* --- two calls ------------------------------------------------------ */

static bool texts_differ(const char *a, const char *b)
{
	return tree_hash_text(0, a ?: "") != tree_hash_text(0, b ?: "");
}

static bool results_differ(const struct node *a, const struct node *b,
			   bool args)
{
	return node_result(a) != node_result(b) ||
	       (args && texts_differ(a->result, b->result));
}

bool calls_differ(const struct node *a, const struct node *b, bool args)
{
	return results_differ(a, b, args) ||
	       (args && texts_differ(a->args, b->args));
}

/* Writes "x=1" and "x=2" as "x=1 | 2". */
static void put_both(struct buf *out, const char *a, const char *b)
{
	const char *value = strchr(b, '=');

	buf_puts(out, *a ? a : "nothing");
	if (!texts_differ(a, b))
		return;
	buf_puts(out, " | ");
	buf_puts(out, value ? value + 1 :
		      *b ? b + strspn(b, " ") : "nothing");
}

/* Makes "x=1, y=2 | 3" of the arguments "x=1, y=2" and "x=1, y=3". */
static char *both_args(const char *a, const char *b)
{
	struct buf out = { .size = 0 };

	while (*a || *b) {
		size_t n = strcspn(a, ","), m = strcspn(b, ",");
		char *x = xasprintf("%.*s", (int)n, a);
		char *y = xasprintf("%.*s", (int)m, b);

		put_both(&out, x, y);
		a += n + (a[n] == ',');
		b += m + (b[m] == ',');
		buf_puts(&out, *a || *b ? "," : "");
		free(x);
		free(y);
	}
	return buf_take(&out);
}

static const char *answer(const struct node *n)
{
	return n->open ? "never returned" : n->result ?: "nothing";
}

struct merged_line merged_line(const struct merged_call *m, bool args)
{
	const struct node *a = m->of[0] ?: m->of[1], *b = m->of[1] ?: a;
	struct merged_line l = {
		.n = {
			.kind = a->kind, .name = a->name, .args = a->args,
			.result = a->result, .open = a->open && b->open,
		},
	};

	if (args && texts_differ(a->args, b->args))
		l.n.args = l.args = both_args(a->args, b->args);
	if (results_differ(a, b, args))
		l.n.result = l.result = xasprintf("%s | %s", answer(a),
						  answer(b));
	return l;
}

void merged_line_free(struct merged_line *l)
{
	free(l->args);
	free(l->result);
}
