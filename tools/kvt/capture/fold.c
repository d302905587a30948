// SPDX-License-Identifier: MIT
/* Marks what repeats in a tree. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture.h"
#include "capture/fold.h"

enum { MAX_PERIOD = 8 };

/* FNV-1a, over strings and over words. */
static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
	for (const unsigned char *p = data; size--; p++)
		hash = (hash ^ *p) * 1099511628211u;
	return hash;
}

const char *request_of(const struct node *n, size_t *length)
{
	const char *p;

	*length = 0;
	if (n->kind != NODE_SYSCALL || strcmp(n->name, "ioctl") ||
	    !(p = strchr(n->args, ' ')))
		return "";
	*length = strcspn(++p, ",");
	return p;
}

/* A failure is part of the shape, and so is a system call's answer, unless it
 * is a new descriptor (5:vcpu) or address (user#0). */
bool is_telling(const struct node *n)
{
	if (!strncmp(n->result, "-E", 2))
		return true;
	return n->kind == NODE_SYSCALL && !strchr(n->result, ':') &&
	       !strchr(n->result, '#');
}

/* Returns the length of the text at P, before END, that differs between two
 * runs: the number of an object, a page or a descriptor in TEXT. */
static size_t varying_number(const char *text, const char *p, const char *end)
{
	char before = p == text ? ' ' : p[-1];
	const char *q = p;

	while (q < end && *q >= '0' && *q <= '9')
		q++;
	if (before == ' ' && q < end && *q == ':')
		return q - p;
	if (before != '#')
		return 0;
	/* A value's offset in its page differs, too. */
	if (p - text > 4 && !strncmp(p - 5, "phys", 4) && end - q > 2 &&
	    !strncmp(q, "+0x", 3))
		for (q += 3; q < end && strchr("0123456789abcdef", *q); )
			q++;
	return q - p;
}

uint64_t tree_hash_part(uint64_t hash, const char *text, size_t size)
{
	const char *end = text + size;

	for (const char *p = text; p < end; p++) {
		p += varying_number(text, p, end);
		if (p == end)
			break;
		hash = mix(hash, p, 1);
	}
	return mix(hash, "", 1);
}

uint64_t tree_hash_text(uint64_t hash, const char *text)
{
	return tree_hash_part(hash, text, strlen(text));
}

static void hash_shape(struct node *n, unsigned int by)
{
	uint64_t hash = 14695981039346656037u + n->kind;
	size_t length;
	const char *request = request_of(n, &length);

	hash = mix(hash, n->name, strlen(n->name) + 1);
	hash = mix(hash, request, length);
	if (n->result && is_telling(n))
		hash = mix(hash, n->result, strlen(n->result));
	if (by & FOLD_ARGS) {
		hash = tree_hash_text(hash, n->args);
		hash = tree_hash_text(hash, n->result ?: "");
	}
	for (unsigned int i = 0; i < n->children; i++)
		hash = mix(hash, &n->child[i]->shape, sizeof(hash));
	n->shape = hash;
}

static bool is_repeated(const struct node *n, const struct node *before,
			unsigned int by)
{
	if (n->shape != before->shape)
		return false;
	if (!(by & FOLD_PLACES) || !n->place || !before->place)
		return true;
	return !strcmp(n->place, before->place);
}

/* Counts how often the PERIOD siblings from FIRST on come in a row. */
static unsigned int repetitions(const struct node *n, unsigned int first,
				unsigned int period, unsigned int by)
{
	unsigned int i = first + period;

	while (i < n->children &&
	       is_repeated(n->child[i], n->child[i - period], by))
		i++;
	return (i - first) / period;
}

/* Finds the period that folds the most siblings from FIRST on; of two that
 * fold as many, the shorter. */
static unsigned int best_period(const struct node *n, unsigned int first,
				unsigned int by, unsigned int *times)
{
	unsigned int best = 1;

	*times = 1;
	for (unsigned int p = 1; p <= MAX_PERIOD; p++) {
		unsigned int t = repetitions(n, first, p, by);

		if (t > 1 && t * p > *times * best) {
			*times = t;
			best = p;
		}
	}
	return best;
}

static void fold_children(struct node *n, unsigned int by)
{
	for (unsigned int i = 0; i < n->children; ) {
		unsigned int times, period = best_period(n, i, by, &times);

		for (unsigned int k = 0; k < period * times; k++) {
			struct node *c = n->child[i + k];

			c->leader = !k;
			c->index = i + k;
			c->times = times;
			c->group = period;
			c->hidden = k >= period;
		}
		i += period * times;
	}
}

void tree_fold_by(struct node *n, unsigned int by)
{
	for (unsigned int i = 0; i < n->children; i++)
		tree_fold_by(n->child[i], by);
	fold_children(n, by);
	if (n->name)
		hash_shape(n, by);
}

void tree_fold(struct node *n)
{
	tree_fold_by(n, 0);
}

/* --- what is shown --------------------------------------------------- */

/* The same place in the first round of the group that N is in. */
static const struct node *in_first_round(const struct node *n)
{
	struct node *const *siblings = n->parent->child;
	unsigned int first = n->index;

	while (!siblings[first]->leader)
		first--;
	return siblings[first + (n->index - first) % siblings[first]->group];
}

const struct node *tree_shown_in(const struct node *n, const struct node *top)
{
	const struct node *above;

	if (n == top)
		return n;
	above = n->parent ? tree_shown_in(n->parent, top) : NULL;
	/* Rounds have the same shape, so what is below them is the same, too. */
	if (above && above != n->parent && n->index < above->children)
		n = above->child[n->index];
	return n->hidden ? in_first_round(n) : n;
}

const struct node *tree_shown(const struct node *n)
{
	return tree_shown_in(n, NULL);
}
