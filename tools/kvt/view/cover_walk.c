// SPDX-License-Identifier: MIT
/* Walks what was counted, directory by directory and file by file. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "view/cover_count.h"
#include "view/cover_walk.h"

static bool same_directory(const struct covered *a, const struct covered *b)
{
	return !cover_by_directory(a, b);
}

static bool same_file(const struct covered *a, const struct covered *b)
{
	return !strcmp(a->s->path, b->s->path);
}

static bool same_group(const struct covered *a, const struct covered *b)
{
	return a->state == b->state && same_file(a, b);
}

/* Counts the leading items, of COUNT, that belong to the same group. */
static size_t row_of(struct covered *const *item, size_t count,
		  bool (*same)(const struct covered *, const struct covered *))
{
	size_t n = 1;

	while (n < count && same(item[0], item[n]))
		n++;
	return n;
}

static void walk_file(const struct cover_format *f, void *data,
		      struct covered *const *item, size_t count)
{
	struct reach_counts n = cover_tally(item, count);
	size_t size;

	f->file(data, item[0]->s->path, &n);
	for (; f->function && count; item += size, count -= size) {
		size = row_of(item, count, same_group);
		if (f->group)
			f->group(data, item[0]->state, size);
		for (size_t i = 0; i < size; i++)
			f->function(data, item[i]);
		if (f->group_end)
			f->group_end(data);
	}
	if (f->file_end)
		f->file_end(data);
}

void cover_walk(const struct cover *c, const struct cover_format *f,
		void *data)
{
	struct covered *const *item = c->order;
	size_t left = c->items, inside, size;

	for (; left; left -= inside) {
		inside = row_of(item, left, same_directory);
		if (f->directory) {
			struct reach_counts n = cover_tally(item, inside);
			char *name = xstrdup(item[0]->s->path);

			name[cover_directory(item[0])] = '\0';
			f->directory(data, name, &n);
			free(name);
		}
		for (size_t i = 0; f->file && i < inside; i += size) {
			size = row_of(item + i, inside - i, same_file);
			walk_file(f, data, item + i, size);
		}
		item += inside;
		if (f->directory_end)
			f->directory_end(data);
	}
}
