// SPDX-License-Identifier: MIT
/* Which functions a kernel can trace. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "compare/seen.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"

size_t seen_plain_length(const char *name)
{
	return strstr(name, ".part.") ? strlen(name) : strcspn(name, ".");
}

void seen_plain_name(char *name)
{
	name[seen_plain_length(name)] = '\0';
}

static int by_function_name(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return strcmp(f->name, g->name);
}

void seen_load(struct seen *s, const char *file)
{
	s->f = functions_load(file, &s->count);
	s->loaded = true;
	for (size_t i = 0; i < s->count; i++)
		seen_plain_name(s->f[i].name);
	qsort(s->f, s->count, sizeof(*s->f), by_function_name);
}

static const struct function *seen_function(const struct seen *s,
					    const char *name)
{
	const struct function key = { .name = (char *)name };

	return s->count ? bsearch(&key, s->f, s->count, sizeof(key),
				  by_function_name) : NULL;
}

bool seen_has(const struct seen *s, const char *name)
{
	return !s->loaded || seen_function(s, name);
}

bool seen_is_static(const struct seen *s, const char *name)
{
	const struct function *f = seen_function(s, name);

	return f && f->is_static;
}
