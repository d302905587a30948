// SPDX-License-Identifier: MIT
/* kvt cover as text: a line a file, or a line a function. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/vec.h"
#include "view/cover_count.h"
#include "view/cover_print.h"
#include "view/cover_walk.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* Prints a bar of twenty marks: at least one for any, all only for all. */
static void print_bar(const struct reach_counts *n)
{
	enum { WIDTH = 20 };
	size_t full = n->traceable ?
		      (n->state[REACHED] * WIDTH + n->traceable - 1) /
		      n->traceable : 0;

	if (full == WIDTH && n->state[NOT_REACHED])
		full--;
	for (size_t i = 0; i < WIDTH; i++)
		putchar(i < full ? '#' : '.');
}

static void text_file(void *data, const char *path,
		      const struct reach_counts *n)
{
	(void)data;
	printf("%7zu  %9zu  ", n->state[REACHED], n->traceable);
	if (n->traceable)
		printf("%3u%%", cover_percent(n->state[REACHED], n->traceable));
	else
		printf("   -");
	printf("  %6zu  ", n->all);
	print_bar(n);
	printf("  %s\n", path);
}

static const struct cover_format text_table = { .file = text_file };

static void list_file(void *data, const char *path,
		      const struct reach_counts *n)
{
	(void)data;
	printf("\n%s: %zu of %zu traceable, %zu in the source\n", path,
	       n->state[REACHED], n->traceable, n->all);
}

static void list_function(void *data, const struct covered *it)
{
	const struct cover *c = data;
	size_t n;
	struct cover_caller *by = cover_callers(c, it, &n);

	printf("  %-12s  %5d  %s", cover_state_name[it->state], it->s->line,
	       it->s->name);
	for (size_t i = 0; i < n; i++) {
		char *modes = cover_modes(c, it, by[i].program);

		printf("%s%s × %lu%s", i ? ", " : "  ",
		       c->program[by[i].program].name, by[i].calls, modes);
		free(modes);
	}
	puts(it->inlined ? "  seen inlined" : "");
	free(by);
}

static const struct cover_format text_lists = {
	.file = list_file, .function = list_function,
};

void cover_text(const struct cover *c, bool functions)
{
	struct reach_counts n = cover_tally(c->order, c->items);

	printf("%zu of %zu traceable functions of KVM reached (%u%%), by"
	       " %zu program%s in %zu capture%s;\n%zu more in the source are"
	       " out of sight, %zu of them seen inlined, and %zu are EL2's,"
	       " in hyp/nvhe\n",
	       n.state[REACHED], n.traceable,
	       cover_percent(n.state[REACHED], n.traceable), c->programs,
	       plural(c->programs), c->sources, plural(c->sources),
	       n.state[OUT_OF_SIGHT], n.inlined, n.state[AT_EL2]);
	for (size_t i = 0; i < arrlenu(c->peer); i++)
		printf("%s, on %s: %lu of %lu (%u%%), %s\n",
		       c->peer[i].who, c->peer[i].kernel, c->peer[i].reached,
		       c->peer[i].traceable,
		       cover_percent(c->peer[i].reached, c->peer[i].traceable),
		       c->peer[i].how);
	puts("\nreached  first here  program");
	for (size_t i = 0; i < c->programs; i++)
		printf("%7zu  %10zu  %s\n", c->program[i].reached,
		       c->program[i].first, c->program[i].name);
	puts("\nreached  traceable        source");
	cover_walk(c, &text_table, NULL);
	if (functions)
		cover_walk(c, &text_lists, (void *)c);
}
