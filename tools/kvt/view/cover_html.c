// SPDX-License-Identifier: MIT
/* kvt cover as HTML: the book's map of KVM. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/vec.h"
#include "view/cover_count.h"
#include "view/cover_print.h"
#include "view/cover_walk.h"
#include "view/fragment.h"

static const char *const state_title[STATES] = {
	"Reached", "Traceable, and not reached", "Out of sight", "At EL2",
};
static const char *const state_class[STATES] = {
	"reached", "not", "hidden", "el2",
};

/* The page as we write it: one fragment, or a fragment per section. */
struct cover_writer {
	const struct cover *c;
	const struct cover_page *page;
	struct fragment out;
	struct json_object *sections;	/* NULL: print it */
	struct json_object *section;	/* the one we write now, or NULL */
};

/* --- sections ------------------------------------------------------- */

static void end_section(struct cover_writer *w)
{
	struct json_object *parts;

	if (!w->section)
		return;
	/* A section names no line of a program, so it is a single part. */
	parts = fragment_end(&w->out);
	json_add(w->section, "html",
		 json_object_get(json_object_array_get_idx(parts, 0)));
	json_object_put(parts);
	json_object_array_add(w->sections, w->section);
	w->section = NULL;
}

static void begin_section(struct cover_writer *w, const char *id,
			  const char *title)
{
	struct markup *m = &w->out.m;

	if (!w->sections) {
		markup_open(m, "h2");
		markup_attribute(m, "id", id);
		markup_text(m, title);
		markup_close(m);
		markup_text(m, "\n");
		return;
	}
	end_section(w);
	w->section = json_object_new_object();
	json_add_text(w->section, "id", id);
	json_add_text(w->section, "title", title);
	fragment_collect(&w->out);
}

/* --- parts of a table ------------------------------------------------ */

/* Makes an id of a path; the caller frees it. */
static char *path_id(const char *path)
{
	struct buf id = { 0 };

	for (; *path; path++)
		buf_putc(&id, *path == '/' || *path == '.' ? '-' : *path);
	return buf_take(&id);
}

/* Draws two bars; the numbers next to them say the same. */
static void write_bar(struct markup *m, const struct reach_counts *n)
{
	markup_open_class(m, "span", "bar");
	markup_attribute(m, "aria-hidden", "true");
	markup_attribute_printf(m, "style",
				"--reached:%.1f%%;--traceable:%.1f%%",
				100.0 * n->state[REACHED] / n->all,
				100.0 * n->traceable / n->all);
	markup_text(m, "\302\240");
	markup_close(m);
}

static void write_cell(struct markup *m, size_t number)
{
	markup_open(m, "td");
	markup_printf(m, "%zu", number);
	markup_close(m);
}

static void write_share(struct markup *m, size_t reached, size_t traceable)
{
	write_cell(m, reached);
	write_cell(m, traceable);
	markup_open(m, "td");
	if (traceable)
		markup_printf(m, "%u%%", cover_percent(reached, traceable));
	markup_close(m);
}

static void write_program(struct cover_writer *w, const char *name)
{
	struct markup *m = &w->out.m;

	if (w->page->pages) {
		markup_open(m, "a");
		markup_attribute_printf(m, "href", "%s.html", name);
	}
	markup_text(m, name);
	if (w->page->pages)
		markup_close(m);
}

/* Begins a table with these columns, up to its first row.  A column with an
 * empty name has no heading. */
static void begin_table(struct markup *m, const char *const *column)
{
	markup_open_class(m, "table", "coverage");
	markup_text(m, "\n");
	markup_open(m, "thead");
	markup_open(m, "tr");
	for (; *column; column++) {
		markup_open(m, **column ? "th" : "td");
		markup_text(m, *column);
		markup_close(m);
	}
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
	markup_open(m, "tbody");
	markup_text(m, "\n");
}

static void end_table(struct markup *m)
{
	markup_close(m);
	markup_text(m, "\n");
	markup_close(m);
	markup_text(m, "\n");
}

static void begin_row_head(struct markup *m)
{
	markup_open(m, "tr");
	markup_open(m, "th");
	markup_attribute(m, "scope", "row");
}

/* --- directories ----------------------------------------------------- */

static void html_row(void *data, const char *name,
		     const struct reach_counts *n)
{
	struct cover_writer *w = data;
	struct markup *m = &w->out.m;
	char *id = path_id(name);

	begin_row_head(m);
	markup_open(m, "a");
	markup_attribute_printf(m, "href", "#%s", id);
	markup_open(m, "code");
	markup_text(m, name);
	markup_close(m);
	markup_close(m);
	markup_close(m);
	write_share(m, n->state[REACHED], n->traceable);
	write_cell(m, n->all);
	markup_open(m, "td");
	write_bar(m, n);
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
	free(id);
}

static void html_directory(void *data, const char *name,
			   const struct reach_counts *n)
{
	struct cover_writer *w = data;
	char *id = path_id(name);

	(void)n;
	begin_section(w, id, name);
	markup_open_class(&w->out.m, "div", "coverage");
	markup_text(&w->out.m, "\n");
	free(id);
}

/* Prints the head of a directory, a file, or the functions in one state. */
static void end_element(void *data)
{
	struct cover_writer *w = data;

	markup_close(&w->out.m);
	markup_text(&w->out.m, "\n");
}

static void html_file(void *data, const char *path,
		      const struct reach_counts *n)
{
	struct cover_writer *w = data;
	struct markup *m = &w->out.m;
	char *id = path_id(path);

	markup_open(m, "details");
	markup_attribute(m, "id", id);
	markup_open(m, "summary");
	markup_open(m, "code");
	markup_text(m, strrchr(path, '/') + 1);
	markup_close(m);
	markup_text(m, " ");
	write_bar(m, n);
	markup_text(m, " ");
	markup_open_class(m, "span", "share");
	if (n->traceable)
		markup_printf(m, "%zu of %zu traceable, %zu in the source",
			      n->state[REACHED], n->traceable, n->all);
	else
		markup_printf(m, "none of %zu traceable", n->all);
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
	free(id);
}

static void html_state(void *data, enum reach state, size_t count)
{
	struct cover_writer *w = data;
	struct markup *m = &w->out.m;

	markup_open(m, "p");
	markup_attribute_printf(m, "class", "state %s", state_class[state]);
	markup_printf(m, "%s: %zu", state_title[state], count);
	markup_close(m);
	markup_text(m, "\n");
	markup_open_class(m, "ul", state_class[state]);
	markup_text(m, "\n");
}

/* Prints the programs that call F, how often, and in which modes. */
static void write_callers(struct cover_writer *w, const struct covered *f)
{
	struct markup *m = &w->out.m;
	size_t n;
	struct cover_caller *by = cover_callers(w->c, f, &n);

	if (n) {
		markup_text(m, " ");
		markup_open_class(m, "span", "by");
	}
	for (size_t i = 0; i < n; i++) {
		char *modes = cover_modes(w->c, f, by[i].program);

		markup_text(m, i ? ", " : "");
		write_program(w, w->c->program[by[i].program].name);
		markup_printf(m, " × %lu%s", by[i].calls, modes);
		free(modes);
	}
	if (n)
		markup_close(m);
	free(by);
}

static void html_function(void *data, const struct covered *f)
{
	struct cover_writer *w = data;
	struct markup *m = &w->out.m;

	markup_open(m, "li");
	markup_open(m, "a");
	markup_attribute_printf(m, "href", "%s%s#L%d", w->page->base,
				f->s->path, f->s->line);
	markup_open(m, "code");
	markup_text(m, f->s->name);
	markup_close(m);
	markup_close(m);
	markup_text(m, " ");
	markup_open_class(m, "span", "loc");
	markup_printf(m, "%d", f->s->line);
	markup_close(m);
	write_callers(w, f);
	if (f->inlined) {
		markup_text(m, " ");
		markup_leaf(m, "span", "by", "seen inlined");
	}
	markup_close(m);
	markup_text(m, "\n");
}

/* --- tables of all --------------------------------------------------- */

static void write_peer(struct markup *m, const struct cover_peer *p)
{
	begin_row_head(m);
	markup_printf(m, "%s, on %s ", p->who, p->kernel);
	markup_leaf(m, "span", "how-known", p->how);
	markup_close(m);
	write_share(m, p->reached, p->traceable);
	markup_close(m);
	markup_text(m, "\n");
}

static void write_totals(struct cover_writer *w, const struct reach_counts *n)
{
	static const char *const column[] = {
		"Who", "Reached", "Traceable", "Share", NULL,
	};
	struct markup *m = &w->out.m;
	const struct cover *c = w->c;

	begin_section(w, "in-all", "In all");
	begin_table(&w->out.m, column);
	begin_row_head(m);
	markup_printf(m, "The %zu program%s here, in %zu capture%s",
		      c->programs, c->programs == 1 ? "" : "s", c->sources,
		      c->sources == 1 ? "" : "s");
	markup_close(m);
	write_share(m, n->state[REACHED], n->traceable);
	markup_close(m);
	markup_text(m, "\n");
	for (long i = 0; i < arrlen(c->peer); i++)
		write_peer(m, &c->peer[i]);
	end_table(m);
	markup_open(m, "p");
	markup_printf(m, "%zu more functions in the source are out of sight,"
		      " %zu of them seen inlined, and %zu are EL2's, in ",
		      n->state[OUT_OF_SIGHT], n->inlined, n->state[AT_EL2]);
	markup_open(m, "code");
	markup_text(m, "hyp/nvhe");
	markup_close(m);
	markup_text(m, ".");
	markup_close(m);
	markup_text(m, "\n");
}

static void write_programs(struct cover_writer *w)
{
	static const char *const column[] = {
		"Program", "Reached", "First here", NULL,
	};
	struct markup *m = &w->out.m;

	begin_section(w, "by-program", "By program");
	begin_table(m, column);
	for (size_t i = 0; i < w->c->programs; i++) {
		begin_row_head(m);
		write_program(w, w->c->program[i].name);
		markup_close(m);
		write_cell(m, w->c->program[i].reached);
		write_cell(m, w->c->program[i].first);
		markup_close(m);
		markup_text(m, "\n");
	}
	end_table(m);
}

void cover_html(const struct cover *c, const struct cover_page *page)
{
	static const char *const column[] = {
		"Directory", "Reached", "Traceable", "Share", "Source", "",
		NULL,
	};
	static const struct cover_format rows = { .directory = html_row };
	static const struct cover_format lists = {
		.directory = html_directory, .directory_end = end_element,
		.file = html_file, .file_end = end_element,
		.group = html_state, .group_end = end_element,
		.function = html_function,
	};
	struct reach_counts n = cover_tally(c->order, c->items);
	struct cover_writer w = { .c = c, .page = page };

	if (page->sections)
		w.sections = json_object_new_array();
	else
		fragment_print(&w.out, stdout);
	write_totals(&w, &n);
	write_programs(&w);
	begin_section(&w, "by-directory", "By directory");
	begin_table(&w.out.m, column);
	cover_walk(c, &rows, &w);
	end_table(&w.out.m);
	cover_walk(c, &lists, &w);
	if (!page->sections) {
		fragment_end(&w.out);
		return;
	}
	end_section(&w);
	json_print(stdout, w.sections, JSON_LINE);
	putchar('\n');
}
