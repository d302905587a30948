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

/*
 * Does the result keep the call from being folded with one that has
 * another?  A failure does, and the answer of a system call, unless it is
 * a new descriptor (5:vcpu) or address (user#0).
 */
bool is_telling(const struct node *n)
{
	if (!strncmp(n->result, "-E", 2))
		return true;
	return n->kind == NODE_SYSCALL && !strchr(n->result, ':') &&
	       !strchr(n->result, '#');
}

/* The length of what differs between two runs in the text at P, of TEXT:
 * an object's number, a page's, a descriptor's. */
static size_t number_at(const char *text, const char *p)
{
	size_t digits = strspn(p, "0123456789"), offset = 0;
	char before = p == text ? ' ' : p[-1];

	if (before == ' ' && p[digits] == ':')
		return digits;
	if (before != '#')
		return 0;
	if (p - text > 4 && !strncmp(p - 5, "phys", 4) &&
	    !strncmp(p + digits, "+0x", 3))
		offset = 3 + strspn(p + digits + 3, "0123456789abcdef");
	return digits + offset;
}

uint64_t tree_hash_text(uint64_t hash, const char *text)
{
	for (const char *p = text; *p; p++) {
		p += number_at(text, p);
		if (!*p)
			break;
		hash = mix(hash, p, 1);
	}
	return mix(hash, "", 1);
}

static void hash_shape(struct node *n, bool args)
{
	uint64_t hash = 14695981039346656037u + n->kind;
	size_t length;
	const char *request = request_of(n, &length);

	hash = mix(hash, n->name, strlen(n->name) + 1);
	hash = mix(hash, request, length);
	if (n->result && is_telling(n))
		hash = mix(hash, n->result, strlen(n->result));
	if (args) {
		hash = tree_hash_text(hash, n->args);
		hash = tree_hash_text(hash, n->result ?: "");
	}
	for (unsigned int i = 0; i < n->children; i++)
		hash = mix(hash, &n->child[i]->shape, sizeof(hash));
	n->shape = hash;
}

/* Two lines of the source are two steps of it: a row is of one line. */
static bool is_repeated(const struct node *n, const struct node *before,
			bool places)
{
	if (n->shape != before->shape)
		return false;
	if (!places || !n->place || !before->place)
		return true;
	return !strcmp(n->place, before->place);
}

/* How often the PERIOD siblings from FIRST on stand there in a row. */
static unsigned int repetitions(const struct node *n, unsigned int first,
				unsigned int period, bool places)
{
	unsigned int i = first + period;

	while (i < n->children &&
	       is_repeated(n->child[i], n->child[i - period], places))
		i++;
	return (i - first) / period;
}

static void fold_children(struct node *n, bool places)
{
	for (unsigned int i = 0; i < n->children; ) {
		unsigned int best = 1, times = 1;

		for (unsigned int p = 1; p <= MAX_PERIOD; p++) {
			unsigned int t = repetitions(n, i, p, places);

			if (t > 1 && t * p > times * best) {
				times = t;
				best = p;
			}
		}
		n->child[i]->leader = true;
		for (unsigned int k = 0; k < best * times; k++) {
			n->child[i + k]->index = i + k;
			n->child[i + k]->times = times;
			n->child[i + k]->group = best;
			n->child[i + k]->hidden = k >= best;
		}
		i += best * times;
	}
}

void tree_fold_by(struct node *n, bool args, bool places)
{
	for (unsigned int i = 0; i < n->children; i++)
		tree_fold_by(n->child[i], args, places);
	fold_children(n, places);
	if (n->name)
		hash_shape(n, args);
}

void tree_fold(struct node *n)
{
	tree_fold_by(n, false, false);
}

void tree_fold_args(struct node *n)
{
	tree_fold_by(n, true, false);
}
