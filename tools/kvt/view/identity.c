// SPDX-License-Identifier: MIT
/* Numbers the calls of one name below each recorded call. */
#include <stdint.h>
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

/* The same as a tree shows it: without what the compiler appended. */
static const char *shown_name(const struct node *n, size_t *length)
{
	const char *name = identity_name(n, length);

	if (n->kind == NODE_CALL)
		*length = strcspn(name, ".");
	return name;
}

static void write_step(struct buf *way, const struct identities *all,
		       const struct node *n)
{
	unsigned long number = identity_number(all, n);
	size_t length;
	const char *name = shown_name(n, &length);

	buf_add(way, name, length);
	if (number > 1)
		buf_printf(way, ".%lu", number);
}

static void write_way(struct buf *way, const struct identities *all,
		      const struct node *n)
{
	const struct node *in = identity_recorded(n->parent);

	if (in)
		write_way(way, all, in);
	write_step(way, all, n);
	buf_putc(way, '/');
}

char *identity_way(const struct identities *all, const struct node *n)
{
	struct buf way = { 0 };

	write_way(&way, all, n);
	return buf_take(&way);
}

/* --- links ---------------------------------------------------------- */

enum { MOST_STEPS = 5 };	/* of a way that a link has whole */

/* A way of many steps keeps its first and its last; what was between becomes
 * four letters, by FNV-1a. */
static void write_brief(struct buf *link, const char *text, size_t size)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)text[i]) * 16777619u;
	hash %= 36 * 36 * 36 * 36;
	buf_putc(link, '+');
	for (uint32_t unit = 36 * 36 * 36; unit; unit /= 36)
		buf_putc(link, digits[hash / unit % 36]);
	buf_putc(link, '/');
}

/* The last step, of a call that may be a level or a tracepoint. */
static void write_last_step(struct buf *way, const struct identities *all,
			    const struct node *n)
{
	if (is_level(n))
		buf_putc(way, '~');
	if (n->kind == NODE_EVENT)
		buf_putc(way, '!');
	write_step(way, all, n);
}

/* Where step NUMBER of a way begins, from 0. */
static const char *step_of_way(const char *way, size_t number)
{
	while (number--)
		way = strchr(way, '/') + 1;
	return way;
}

static void write_steps(struct buf *link, const char *way)
{
	size_t steps = 1;
	const char *second, *last;

	for (const char *p = way; (p = strchr(p, '/')); p++)
		steps++;
	if (steps > MOST_STEPS) {
		second = step_of_way(way, 1);
		last = step_of_way(way, steps - 2);
		buf_add(link, way, second - way);
		write_brief(link, second, last - 1 - second);
		way = last;
	}
	buf_puts(link, way);
}

char *identity_link(const struct identities *all, const struct capture *c,
		    const struct node *n)
{
	const struct node *in = identity_recorded(n->parent);
	const char *mode = capture_header(c, "mode") ?: "vhe";
	struct buf way = { 0 }, link = { 0 };

	if (in)
		write_way(&way, all, in);
	write_last_step(&way, all, n);
	buf_puts(&link, capture_header(c, "program") ?: "");
	if (strcmp(mode, "vhe"))
		buf_printf(&link, ".%s", mode);
	buf_putc(&link, '/');
	write_steps(&link, way.text);
	buf_free(&way);
	return buf_take(&link);
}
