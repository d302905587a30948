// SPDX-License-Identifier: MIT
/* A capture's header, its levels and its end. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/store.h"

const char *capture_header(const struct capture *c, const char *key)
{
	size_t n = strlen(key);

	for (unsigned int i = 0; i < c->headers; i++)
		if (!strncmp(c->header[i], key, n) && c->header[i][n] == ' ')
			return c->header[i] + n + 1;
	return NULL;
}

bool capture_has(const struct capture *c, const char *feature)
{
	const char *p = capture_header(c, "features");
	size_t n = strlen(feature);

	while (p && *p) {
		if (!strncmp(p, feature, n) && (!p[n] || p[n] == ' '))
			return true;
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	return false;
}

/* Counts N's children without levels, and writes them to CHILD unless that is
 * NULL. */
static unsigned int collect_recorded(const struct node *n, struct node **child)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < n->children; i++) {
		struct node *c = n->child[i];

		if (is_level(c))
			count += collect_recorded(c, child ? child + count
							   : NULL);
		else if (child)
			child[count++] = c;
		else
			count++;
	}
	return count;
}

static void flatten(struct arena *memory, struct node *n)
{
	unsigned int count = collect_recorded(n, NULL);
	struct node **child = n->child;

	if (count)
		child = arena_take(memory, count * sizeof(*child));
	collect_recorded(n, child);
	n->child = child;
	n->children = count;
	for (unsigned int i = 0; i < count; i++) {
		child[i]->parent = n;
		flatten(memory, child[i]);
	}
}

void tree_flatten(struct capture *c)
{
	if (!capture_has(c, "sites"))
		return;
	for (unsigned int i = 0; i < c->threads; i++)
		flatten(&c->store->tree, &c->thread[i].root);
}

void capture_free(struct capture *c)
{
	arena_free(&c->store->keep);
	arena_free(&c->store->tree);
	if (c->store->in)
		fclose(c->store->in);
	free(c->store->text);
	free(c->store);
	arrfree(c->header);
	arrfree(c->thread);
	free(c);
}

struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name)
{
	struct node *n = xcalloc(1, sizeof(*n));

	n->kind = kind;
	n->name = xstrdup(name);
	n->parent = parent;
	arrput(parent->child, n);
	parent->children = arrlen(parent->child);
	return n;
}

void node_free(struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		node_free(n->child[i]);
	arrfree(n->child);
	free(n->name);
	free(n->args);
	free(n->place);
	free(n->result);
	free(n);
}
