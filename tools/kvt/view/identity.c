// SPDX-License-Identifier: MIT
/* Numbers the calls of one name below each recorded call. */
#include <string.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "view/identity.h"

/* A kind of call and a name, with how many such calls we met below the call
 * with the serial number BELOW. */
struct call_name {
	UT_hash_handle hh;
	unsigned long below, count;
	char key[];		/* the kind, a byte, then the name */
};

struct identities {
	unsigned int *number;	/* by the line of a call: stb_ds */
	struct call_name *names;
	unsigned long serial;
	char *key;		/* of the name we look up */
	size_t room;
};

const char *identity_name(const struct node *n, size_t *length)
{
	const char *request = request_of(n, length);

	if (*length)
		return request;
	*length = strlen(n->name);
	return n->name;
}

const struct node *identity_recorded(const struct node *n)
{
	while (n && is_level(n))
		n = n->parent;
	return n && n->name ? n : NULL;
}

static struct call_name *name_of_call(struct identities *all,
				      const struct node *n)
{
	struct call_name *found;
	size_t length;
	const char *name = identity_name(n, &length);

	if (length + 1 > all->room) {
		all->room = 2 * length + 64;
		all->key = xrealloc(all->key, all->room);
	}
	all->key[0] = n->kind;
	memcpy(all->key + 1, name, length);
	HASH_FIND(hh, all->names, all->key, length + 1, found);
	if (found)
		return found;
	found = xcalloc(1, sizeof(*found) + length + 1);
	memcpy(found->key, all->key, length + 1);
	HASH_ADD_KEYPTR(hh, all->names, found->key, length + 1, found);
	return found;
}

static void set_number(struct identities *all, const struct node *n,
		       unsigned long number)
{
	size_t had = arrlenu(all->number);

	if (n->line >= had) {
		size_t more = 2 * (size_t)n->line + 1024;

		arrsetlen(all->number, more);
		memset(all->number + had, 0, (more - had) * sizeof(int));
	}
	all->number[n->line] = number;
}

/* Numbers what IN called, also through its levels, in order. */
static void number_calls(struct identities *all, const struct node *in)
{
	for (unsigned int i = 0; i < in->children; i++) {
		const struct node *n = in->child[i];
		struct call_name *name = name_of_call(all, n);

		if (name->below != all->serial)
			name->count = 0;
		name->below = all->serial;
		set_number(all, n, ++name->count);
		if (is_level(n))
			number_calls(all, n);
	}
}

/* Numbers the same below every recorded call of IN. */
static void number_below(struct identities *all, const struct node *in)
{
	if (!is_level(in) && in->name) {
		all->serial++;
		number_calls(all, in);
	}
	for (unsigned int i = 0; i < in->children; i++)
		number_below(all, in->child[i]);
}

struct identities *identities_of(const struct capture *c)
{
	struct identities *all = xcalloc(1, sizeof(*all));

	/* Numbers system calls across all threads. */
	all->serial++;
	for (unsigned int i = 0; i < c->threads; i++)
		number_calls(all, &c->thread[i].root);
	for (unsigned int i = 0; i < c->threads; i++)
		number_below(all, &c->thread[i].root);
	return all;
}

void identities_free(struct identities *all)
{
	struct call_name *name, *next;

	if (!all)
		return;
	HASH_ITER(hh, all->names, name, next) {
		HASH_DEL(all->names, name);
		free(name);
	}
	arrfree(all->number);
	free(all->key);
	free(all);
}

unsigned long identity_number(const struct identities *all,
			      const struct node *n)
{
	return n->line < arrlenu(all->number) ? all->number[n->line] : 0;
}

static void write_way(struct buf *way, const struct identities *all,
		      const struct node *n)
{
	const struct node *in = identity_recorded(n->parent);
	unsigned long number = identity_number(all, n);
	size_t length;
	const char *name = identity_name(n, &length);

	if (in)
		write_way(way, all, in);
	buf_add(way, name, length);
	if (number > 1)
		buf_printf(way, ".%lu", number);
	buf_putc(way, '/');
}

char *identity_way(const struct identities *all, const struct node *n)
{
	struct buf way = { 0 };

	write_way(&way, all, n);
	return buf_take(&way);
}
