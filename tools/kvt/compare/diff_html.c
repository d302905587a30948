// SPDX-License-Identifier: MIT
/* kvt diff for the book. */
#include <stdbool.h>
#include <stdio.h>

#include "base/markup.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "compare/diff_format.h"
#include "compare/merged.h"
#include "view/html.h"

static const char *const class_of[MARKS] = {
	"same", "both", "changed", "moved", "only-a", "only-b",
};

static void put_sign(enum mark mark)
{
	static const char *const sign[MARKS] = {
		[CHANGED] = "~", [MOVED] = "~", [ONLY_A] = "−",
		[ONLY_B] = "+",
	};
	static const char *const title[MARKS] = {
		[CHANGED] = "changed", [MOVED] = "moved",
		[ONLY_A] = "only in A", [ONLY_B] = "only in B",
	};

	if (sign[mark])
		printf("<span class=\"sign\" title=\"%s\">%s</span> ",
		       title[mark], sign[mark]);
}

static void diff_html_line(const struct diff *d, const struct merged_call *m)
{
	struct merged_line line = merged_line(m, d->args);

	put_sign(m->mark);
	html_call(&d->page, &line.n);
	diff_put_times(" <span class=\"times\">", m->times, "</span>");
	if (m->note) {
		fputs(" <span class=\"note\">", stdout);
		put_text(m->note);
		fputs("</span>", stdout);
	}
	html_place(&d->page, &line.n);
	merged_line_free(&line);
}

static void diff_html_thread(const char *name)
{
	printf("<li class=\"thread\">thread %s</li>\n", name);
}

static void diff_html_group(const struct diff *d,
			    const struct merged_call *first, long depth)
{
	enum mark mark = merged_group_mark(first);

	(void)d;
	(void)depth;
	printf("<li class=\"group %s\"><details open><summary>",
	       class_of[mark]);
	put_sign(mark);
	diff_put_times("<span class=\"times\">", first->rounds, ", ");
	printf("the first round of these %u</span></summary><ul>\n",
	       first->group);
}

static void diff_html_group_end(void)
{
	fputs("</ul></details></li>\n", stdout);
}

static void diff_html_same(const struct diff *d, const struct merged_call *row,
			   long depth)
{
	bool many = arrlen(row->child) > 1;

	(void)depth;
	if (many)
		printf("<li class=\"same\"><details><summary>… %lu the same"
		       "</summary><ul>\n", diff_siblings(row));
	for (unsigned int i = 0; i < arrlen(row->child); i++) {
		unsigned long below = tree_count(row->child[i]->of[0]);

		fputs("<li class=\"leaf same\">", stdout);
		diff_html_line(d, row->child[i]);
		if (below)
			printf(" <span class=\"more\">… %lu below</span>",
			       below);
		fputs("</li>\n", stdout);
	}
	if (many)
		fputs("</ul></details></li>\n", stdout);
}

static void diff_html_enter(const struct diff *d, const struct merged_call *m,
			    const struct diff_place *at)
{
	bool open = m->mark < MOVED || at->inside < d->page.open;

	printf("<li class=\"%s%s\">", m->child ? "" : "leaf ",
	       class_of[m->mark]);
	if (m->child)
		printf("<details%s><summary>", open && !at->cut ? " open" : "");
	diff_html_line(d, m);
	if (!m->child)
		return;
	fputs("</summary><ul>\n", stdout);
	if (!at->cut)
		return;
	fputs("<li class=\"more\">", stdout);
	diff_put_below(m);
	fputs("</li>\n", stdout);
}

static void diff_html_leave(const struct merged_call *m)
{
	fputs(m->child ? "</ul>\n</details></li>\n" : "</li>\n", stdout);
}

static void diff_html_begin(const struct diff *d)
{
	puts("<div class=\"kvt-tree kvt-diff\">");
	for (int i = 0; i < 2; i++) {
		enum mark mark = i ? ONLY_B : ONLY_A;

		printf("<p class=\"%s\">", class_of[mark]);
		put_sign(mark);
		printf("%c: ", "AB"[i]);
		put_text(capture_header(d->c[i], "program") ?: "?");
		fputs(", mode ", stdout);
		put_text(capture_header(d->c[i], "mode") ?: "?");
		puts("</p>");
	}
}

static void diff_html_begin_tree(void)
{
	fputs("<ul>\n", stdout);
}

static void diff_html_end_tree(void)
{
	fputs("</ul>\n", stdout);
}

static void diff_html_begin_summary(void)
{
	fputs("<p class=\"summary\">", stdout);
}

static void diff_html_end(void)
{
	puts("</p>\n</div>");
}

const struct diff_format diff_html = {
	.begin = diff_html_begin, .begin_tree = diff_html_begin_tree,
	.thread = diff_html_thread, .group = diff_html_group,
	.group_end = diff_html_group_end, .same = diff_html_same,
	.enter = diff_html_enter, .leave = diff_html_leave,
	.end_tree = diff_html_end_tree,
	.begin_summary = diff_html_begin_summary, .end = diff_html_end,
};
