// SPDX-License-Identifier: MIT
/* Finds out which rows of a tree are unfolded at first. */
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "view/open_rows.h"
#include "view/through.h"

enum { NO_ROW = -1 };

/* A group or a call that the walk met.  A level that stands in the row of
 * another has that row's index as its own. */
struct tree_row {
	long own, parent;	/* indexes, or NO_ROW */
	long level;		/* recorded calls that it is below; a group is
				 * unfolded with what it stands in */
	long below;		/* rows that opening it shows */
	int name;		/* of those that the text names, or NO_ROW */
	bool open;
};

struct open_rows {
	const struct open_rows_wanted *wanted;
	struct tree_row *row;	/* stb_ds */
	long *inside;		/* stb_ds: the rows that the walk is in */
	long left;		/* rows that may still be shown */
	size_t next;		/* that the drawing walk meets */
};

static int named_by(const struct open_rows_wanted *wanted, const char *name)
{
	for (long i = 0; i < arrlen(wanted->named); i++)
		if (!strcmp(wanted->named[i], name))
			return i;
	return NO_ROW;
}

/* Which of the names N has, or a level in its row. */
static int name_in_row(const struct open_rows *all, const struct node *n)
{
	int name = NO_ROW;

	if (n->kind == NODE_SYSCALL)
		return NO_ROW;
	for (; n && name == NO_ROW; n = through_next(n))
		name = named_by(all->wanted, n->name);
	return name;
}

/* --- the walk that gathers ------------------------------------------- */

static void add_tree_row(struct open_rows *all, struct tree_row row)
{
	long index = arrlen(all->row);

	row.parent = arrlen(all->inside) ? arrlast(all->inside) : NO_ROW;
	row.own = index;
	if (row.parent != NO_ROW)
		all->row[row.parent].below++;
	arrput(all->row, row);
	arrput(all->inside, index);
}

static void gather_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void gather_group(void *data, const struct node *first, long depth)
{
	struct open_rows *all = data;
	long above = arrlen(all->inside) ? arrlast(all->inside) : NO_ROW;
	long level = above == NO_ROW ? -1 : all->row[above].level;

	(void)first;
	(void)depth;
	add_tree_row(all, (struct tree_row){ .level = level, .name = NO_ROW });
}

static void gather_group_end(void *data, long depth)
{
	struct open_rows *all = data;

	(void)depth;
	(void)arrpop(all->inside);
}

static void gather_enter(void *data, const struct node *n, long depth,
			 long level, unsigned int times, unsigned long below)
{
	struct open_rows *all = data;

	(void)depth;
	(void)times;
	(void)below;
	if (arrlen(all->inside) && through_continues(n)) {
		struct tree_row same = { .own = arrlast(all->inside) };

		arrput(all->row, same);
		arrput(all->inside, same.own);
		return;
	}
	add_tree_row(all, (struct tree_row){ .level = level,
					     .name = name_in_row(all, n) });
}

static void gather_leave(void *data, const struct node *n, long depth)
{
	(void)n;
	gather_group_end(data, depth);
}

static const struct tree_ops gather_ops = {
	gather_thread, gather_group, gather_group_end, gather_enter,
	gather_leave,
};

/* --- the choice ------------------------------------------------------ */

/* How many rows more there are to be seen when ROW comes in sight. */
static long cost_of_way(const struct open_rows *all, long row)
{
	long cost = 0;

	for (long at = all->row[row].parent; at != NO_ROW;
	     at = all->row[at].parent)
		if (!all->row[at].open)
			cost += all->row[at].below;
	return cost;
}

static void open_way(struct open_rows *all, long row)
{
	long cost = cost_of_way(all, row);

	if (cost > all->left)
		return;
	all->left -= cost;
	for (long at = all->row[row].parent; at != NO_ROW;
	     at = all->row[at].parent)
		all->row[at].open = true;
}

/* The first call of each name comes before another of the same. */
static void open_to_named(struct open_rows *all)
{
	bool *met = xcalloc(arrlen(all->wanted->named) + 1, sizeof(*met));

	for (int again = 0; again < 2; again++) {
		for (long i = 0; i < arrlen(all->row); i++) {
			int name = all->row[i].own == i ? all->row[i].name
							: NO_ROW;

			if (name == NO_ROW || met[name] != again)
				continue;
			open_way(all, i);
			met[name] = true;
		}
	}
	free(met);
}

/* Opens what is in sight and of that level, from the top down. */
static void open_level(struct open_rows *all, long level)
{
	for (long i = 0; i < arrlen(all->row); i++) {
		struct tree_row *row = &all->row[i];

		if (row->own != i || row->level != level || row->open ||
		    !row->below || row->below > all->left ||
		    cost_of_way(all, i))
			continue;
		row->open = true;
		all->left -= row->below;
	}
}

static long deepest_level(const struct open_rows *all)
{
	long deepest = 0;

	for (long i = 0; i < arrlen(all->row); i++)
		if (all->row[i].level > deepest)
			deepest = all->row[i].level;
	return deepest;
}

static void choose_rows(struct open_rows *all)
{
	long deepest = deepest_level(all);

	all->left = all->wanted->rows ?: LONG_MAX;
	for (long i = 0; i < arrlen(all->row); i++)
		all->left -= all->row[i].own == i &&
			     all->row[i].parent == NO_ROW;
	open_to_named(all);
	for (long level = -1; level <= deepest && level < all->wanted->levels;
	     level++)
		open_level(all, level);
}

struct open_rows *open_rows_of(const struct capture *c, const struct view *v,
			       const struct open_rows_wanted *wanted)
{
	struct open_rows *all = xcalloc(1, sizeof(*all));

	all->wanted = wanted;
	tree_walk(c, v, &gather_ops, all);
	choose_rows(all);
	return all;
}

void open_rows_free(struct open_rows *all)
{
	if (!all)
		return;
	arrfree(all->row);
	arrfree(all->inside);
	free(all);
}

bool open_rows_next(struct open_rows *all)
{
	return all->row[all->next++].open;
}

bool open_rows_named(const struct open_rows *all, const struct node *n)
{
	return name_in_row(all, n) != NO_ROW;
}

size_t open_rows_seen(const struct open_rows *all)
{
	size_t seen = 0;

	for (long i = 0; i < arrlen(all->row); i++)
		seen += all->row[i].own == i && !cost_of_way(all, i);
	return seen;
}
