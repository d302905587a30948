// SPDX-License-Identifier: MIT
/* kvt diff for the terminal. */
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "capture/walk.h"
#include "compare/diff_format.h"
#include "compare/merged.h"
#include "view/show.h"

static const enum paint paint_of[MARKS] = {
	[SAME] = DIM, [BOTH] = PLAIN, [CHANGED] = YELLOW, [MOVED] = YELLOW,
	[ONLY_A] = RED, [ONLY_B] = GREEN,
};

static void begin_line(const struct diff *d, enum mark mark, long depth)
{
	if (paint_of[mark] != PLAIN)
		show_paint(&d->text, paint_of[mark]);
	putchar("  ~~-+"[mark]);
	printf(" %*s", (int)depth * 2, "");
}

static void end_line(const struct diff *d, enum mark mark)
{
	if (paint_of[mark] != PLAIN)
		show_paint(&d->text, PLAIN);
	putchar('\n');
}

/* The whole line has one color, so the call gets none of its own. */
static void put_merged(const struct diff *d, const struct merged_call *m)
{
	const struct painter plain = { .symbols = d->text.symbols };
	struct merged_line line = merged_line(m, d->args);
	char *times = diff_times(m->times);

	show_call(&plain, &line.n);
	printf("%s%s", *times ? " " : "", times);
	free(times);
	if (m->note)
		printf("  %s", m->note);
	show_place(&plain, &line.n);
	merged_line_free(&line);
}

static void text_thread(const struct diff *d, const char *name)
{
	(void)d;
	printf("  thread %s\n", name);
}

static void text_group(const struct diff *d, const struct merged_call *first,
		       long depth)
{
	enum mark mark = merged_group_mark(first);
	char *times = diff_times(first->rounds);

	begin_line(d, mark, depth);
	printf("%s%sthe first round of these %u:", times, *times ? ", " : "",
	       first->group);
	free(times);
	end_line(d, mark);
}

static void text_same(const struct diff *d, const struct merged_call *row,
		      long depth)
{
	const struct merged_call *only = row->child[0];
	unsigned long below = tree_count(only->of[0]);

	begin_line(d, SAME, depth);
	if (arrlen(row->child) > 1) {
		printf("… %lu the same", diff_siblings(row));
	} else {
		put_merged(d, only);
		if (below)
			printf(" … %lu below", below);
	}
	end_line(d, SAME);
}

static void text_enter(const struct diff *d, const struct merged_call *m,
		       const struct diff_place *at)
{
	char *below;

	begin_line(d, m->mark, at->depth);
	put_merged(d, m);
	end_line(d, m->mark);
	if (!at->cut)
		return;
	begin_line(d, SAME, at->depth + 1);
	below = diff_below(m);
	fputs(below, stdout);
	free(below);
	end_line(d, SAME);
}

static void text_begin(const struct diff *d)
{
	for (int i = 0; i < 2; i++) {
		begin_line(d, i ? ONLY_B : ONLY_A, 0);
		show_header(&(struct painter){ .colour = false }, d->c[i]);
		show_paint(&d->text, PLAIN);
	}
}

static void text_leave(const struct diff *d, const struct merged_call *m)
{
	(void)d;
	(void)m;
}

static void text_nothing(const struct diff *d)
{
	(void)d;
}

static void text_end(const struct diff *d, const char *summary)
{
	(void)d;
	puts(summary);
}

const struct diff_format diff_text = {
	.begin = text_begin, .begin_tree = text_nothing,
	.thread = text_thread, .group = text_group, .group_end = text_nothing,
	.same = text_same, .enter = text_enter, .leave = text_leave,
	.end_tree = text_nothing, .end = text_end,
};
