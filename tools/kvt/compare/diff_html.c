// SPDX-License-Identifier: MIT
/* kvt diff for the book. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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

static struct markup *page_of(const struct diff *d)
{
	return &d->page.out->m;
}

static void write_sign(const struct diff *d, enum mark mark)
{
	static const char *const sign[MARKS] = {
		[CHANGED] = "~", [MOVED] = "~", [ONLY_A] = "−",
		[ONLY_B] = "+",
	};
	struct markup *m = page_of(d);

	if (!sign[mark])
		return;
	markup_open_class(m, "span", "sign");
	if (is_only_mark(mark))
		markup_attribute_printf(m, "title", "only in %s",
					d->name[mark == ONLY_B]);
	else
		markup_attribute(m, "title", class_of[mark]);
	markup_text(m, sign[mark]);
	markup_close(m);
	markup_text(m, " ");
}

static void diff_html_line(const struct diff *d, const struct merged_call *c)
{
	struct merged_line line = merged_line(c, d->args);
	struct markup *m = page_of(d);
	char *times = diff_times(c->times);

	write_sign(d, c->mark);
	html_call(&d->page, &line.n);
	if (*times) {
		markup_text(m, " ");
		markup_leaf(m, "span", "times", times);
	}
	if (c->note) {
		markup_text(m, " ");
		markup_leaf(m, "span", "note", c->note);
	}
	html_place(&d->page, &line.n);
	merged_line_free(&line);
	free(times);
}

static void diff_html_thread(const struct diff *d, const char *name)
{
	struct markup *m = page_of(d);

	markup_open_class(m, "li", "thread");
	markup_text(m, "thread ");
	markup_text(m, name);
	markup_close(m);
	markup_text(m, "\n");
}

/* An item with a row that folds. */
static void begin_folding(const struct diff *d, const char *class)
{
	markup_open_class(page_of(d), "li", class);
	html_row_begin(&d->page);
}

static void fold_row(const struct diff *d, const char *below, bool open)
{
	html_row_fold(&d->page, below, open ? HTML_UNFOLDED : HTML_FOLDED);
}

static void end_folding(const struct diff *d)
{
	html_row_end(&d->page, HTML_FOLDED);
	markup_close(page_of(d));
	markup_text(page_of(d), "\n");
}

static void diff_html_group(const struct diff *d,
			    const struct merged_call *first, long depth)
{
	enum mark mark = merged_group_mark(first);
	struct markup *m = page_of(d);
	char *times = diff_times(first->rounds);
	char class[32];

	(void)depth;
	snprintf(class, sizeof(class), "group %s", class_of[mark]);
	begin_folding(d, class);
	write_sign(d, mark);
	markup_open_class(m, "span", "times");
	markup_printf(m, "%s%sthe first round of these %u", times,
		      *times ? ", " : "", first->group);
	markup_close(m);
	fold_row(d, "the first round", true);
	free(times);
}

static void diff_html_group_end(const struct diff *d)
{
	end_folding(d);
}

static void diff_html_same(const struct diff *d, const struct merged_call *row,
			   long depth)
{
	bool many = arrlen(row->child) > 1;
	struct markup *m = page_of(d);

	(void)depth;
	if (many) {
		begin_folding(d, "same");
		markup_printf(m, "… %lu the same", diff_siblings(row));
		fold_row(d, "what is the same", false);
	}
	for (unsigned int i = 0; i < arrlen(row->child); i++) {
		unsigned long below = tree_count(row->child[i]->of[0]);

		markup_open_class(m, "li", "leaf same");
		diff_html_line(d, row->child[i]);
		if (below) {
			markup_text(m, " ");
			markup_open_class(m, "span", "more");
			markup_printf(m, "… %lu below", below);
			markup_close(m);
		}
		markup_close(m);
		markup_text(m, "\n");
	}
	if (many)
		end_folding(d);
}

static void diff_html_enter(const struct diff *d, const struct merged_call *c,
			    const struct diff_place *at)
{
	bool open = c->mark < MOVED || at->inside < d->page.open;
	struct markup *m = page_of(d);
	char *below;

	if (!c->child) {
		markup_open(m, "li");
		markup_attribute_printf(m, "class", "leaf %s",
					class_of[c->mark]);
		diff_html_line(d, c);
		return;
	}
	begin_folding(d, class_of[c->mark]);
	diff_html_line(d, c);
	fold_row(d, c->of[c->of[0] ? 0 : 1]->name, open && !at->cut);
	if (!at->cut)
		return;
	below = diff_below(c);
	markup_leaf(m, "li", "more", below);
	markup_text(m, "\n");
	free(below);
}

static void diff_html_leave(const struct diff *d, const struct merged_call *c)
{
	if (c->child) {
		end_folding(d);
		return;
	}
	markup_close(page_of(d));
	markup_text(page_of(d), "\n");
}

static void diff_html_begin(const struct diff *d)
{
	struct markup *m = page_of(d);

	markup_open_class(m, "div", "kvt-tree kvt-diff");
	markup_text(m, "\n");
	for (int i = 0; i < 2; i++) {
		enum mark mark = i ? ONLY_B : ONLY_A;

		markup_open_class(m, "p", class_of[mark]);
		write_sign(d, mark);
		markup_printf(m, "%c: %s, mode %s", "AB"[i],
			      capture_header(d->c[i], "program") ?: "?",
			      capture_header(d->c[i], "mode") ?: "?");
		markup_close(m);
		markup_text(m, "\n");
	}
}

static void diff_html_begin_tree(const struct diff *d)
{
	markup_open(page_of(d), "ul");
	markup_text(page_of(d), "\n");
}

static void diff_html_end_tree(const struct diff *d)
{
	markup_close(page_of(d));
	markup_text(page_of(d), "\n");
}

static void diff_html_end(const struct diff *d, const char *summary)
{
	struct markup *m = page_of(d);

	markup_leaf(m, "p", "summary", summary);
	markup_text(m, "\n");
	markup_close(m);
	markup_text(m, "\n");
}

const struct diff_format diff_html = {
	.begin = diff_html_begin, .begin_tree = diff_html_begin_tree,
	.thread = diff_html_thread, .group = diff_html_group,
	.group_end = diff_html_group_end, .same = diff_html_same,
	.enter = diff_html_enter, .leave = diff_html_leave,
	.end_tree = diff_html_end_tree, .end = diff_html_end,
};
