// SPDX-License-Identifier: MIT
/* kvt cover: its counts as text, as JSON, and as HTML. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "base/memory.h"
#include "view/cover.h"

static const char *const state_name[STATES] = {
	"reached", "not reached", "out of sight", "at EL2",
};

struct counts {
	size_t state[STATES];
	size_t all, traceable;
	size_t inlined;		/* out of sight, but seen inlined */
};

/* Who reaches a function, most calls first. */
struct by {
	size_t program;
	unsigned long calls;
};

static int by_calls(const void *a, const void *b)
{
	const struct by *x = a, *y = b;

	if (x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	return x->program < y->program ? -1 : 1;
}

static size_t reached_by(const struct cover *c, const struct item *it,
			 struct by *by)
{
	size_t n = 0;

	for (size_t p = 0; p < c->programs; p++) {
		by[n].program = p;
		by[n].calls = cover_calls(c, it, p);
		n += by[n].calls > 0;
	}
	qsort(by, n, sizeof(*by), by_calls);
	return n;
}

/* In which modes, where not in all captures of the program. */
static void put_modes(const struct cover *c, const struct item *it,
		      size_t program)
{
	size_t n = 0;

	for (size_t i = 0; i < c->sources; i++)
		n += c->source[i].of == program && it->calls[i];
	if (n == c->program[program].captures)
		return;
	n = 0;
	for (size_t i = 0; i < c->sources; i++)
		if (c->source[i].of == program && it->calls[i])
			printf("%s%s", n++ ? " and " : " in ",
			       c->source[i].mode);
}

static struct counts tally(struct item *const *item, size_t count)
{
	struct counts n = { .all = count };

	for (size_t i = 0; i < count; i++)
		n.state[item[i]->state]++;
	for (size_t i = 0; i < count; i++)
		n.inlined += item[i]->inlined &&
			     item[i]->state == OUT_OF_SIGHT;
	n.traceable = n.state[REACHED] + n.state[NOT_REACHED];
	return n;
}

/* Rounded, but 0 is none, and 100 is all. */
static unsigned int percent(size_t part, size_t all)
{
	unsigned int p = all ? (200 * part / all + 1) / 2 : 0;

	if (part && !p)
		return 1;
	return p == 100 && part < all ? 99 : p;
}

static const char *s_of(size_t n)
{
	return n == 1 ? "" : "s";
}

/* --- what a format prints ------------------------------------------- */

struct format {
	void (*directory)(struct cover *c, const char *name,
			  const struct counts *n);
	void (*directory_end)(struct cover *c);
	void (*file)(struct cover *c, const char *path,
		     const struct counts *n);
	void (*file_end)(struct cover *c);
	/* The functions of a file that are in one state. */
	void (*group)(struct cover *c, enum state state, size_t count);
	void (*group_end)(struct cover *c);
	void (*function)(struct cover *c, const struct item *it);
};

static bool same_directory(const struct item *a, const struct item *b)
{
	return !cover_by_directory(a, b);
}

static bool same_file(const struct item *a, const struct item *b)
{
	return !strcmp(a->s->path, b->s->path);
}

static bool same_group(const struct item *a, const struct item *b)
{
	return a->state == b->state && same_file(a, b);
}

/* How many of the COUNT items belong together with the first. */
static size_t run(struct item *const *item, size_t count,
		  bool (*same)(const struct item *, const struct item *))
{
	size_t n = 1;

	while (n < count && same(item[0], item[n]))
		n++;
	return n;
}

static void walk_file(struct cover *c, const struct format *f,
		      struct item *const *item, size_t count)
{
	struct counts n = tally(item, count);
	size_t size;

	f->file(c, item[0]->s->path, &n);
	for (; f->function && count; item += size, count -= size) {
		size = run(item, count, same_group);
		if (f->group)
			f->group(c, item[0]->state, size);
		for (size_t i = 0; i < size; i++)
			f->function(c, item[i]);
		if (f->group_end)
			f->group_end(c);
	}
	if (f->file_end)
		f->file_end(c);
}

static void walk(struct cover *c, const struct format *f)
{
	struct item *const *item = c->order;
	size_t left = c->items, inside, size;

	for (; left; left -= inside) {
		inside = run(item, left, same_directory);
		if (f->directory) {
			struct counts n = tally(item, inside);
			char *name = xstrdup(item[0]->s->path);

			name[cover_directory(item[0])] = '\0';
			f->directory(c, name, &n);
			free(name);
		}
		for (size_t i = 0; f->file && i < inside; i += size) {
			size = run(item + i, inside - i, same_file);
			walk_file(c, f, item + i, size);
		}
		item += inside;
		if (f->directory_end)
			f->directory_end(c);
	}
}

/* --- text ----------------------------------------------------------- */

/* Twenty marks: some for any, all for all. */
static void put_bar(const struct counts *n)
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

static void text_file(struct cover *c, const char *path,
		      const struct counts *n)
{
	(void)c;
	printf("%7zu  %9zu  ", n->state[REACHED], n->traceable);
	if (n->traceable)
		printf("%3u%%", percent(n->state[REACHED], n->traceable));
	else
		printf("   -");
	printf("  %6zu  ", n->all);
	put_bar(n);
	printf("  %s\n", path);
}

static const struct format text_table = { .file = text_file };

static void list_file(struct cover *c, const char *path,
		      const struct counts *n)
{
	(void)c;
	printf("\n%s: %zu of %zu traceable, %zu in the source\n", path,
	       n->state[REACHED], n->traceable, n->all);
}

static void list_function(struct cover *c, const struct item *it)
{
	struct by *by = xcalloc(c->programs, sizeof(*by));
	size_t n = reached_by(c, it, by);

	printf("  %-12s  %5d  %s", state_name[it->state], it->s->line,
	       it->s->name);
	for (size_t i = 0; i < n; i++) {
		printf("%s%s × %lu", i ? ", " : "  ",
		       c->program[by[i].program].name, by[i].calls);
		put_modes(c, it, by[i].program);
	}
	puts(it->inlined ? "  seen inlined" : "");
	free(by);
}

static const struct format text_lists = {
	.file = list_file, .function = list_function,
};

void cover_text(struct cover *c, bool functions)
{
	struct counts n = tally(c->order, c->items);

	printf("%zu of %zu traceable functions of KVM reached (%u%%), by"
	       " %zu program%s in %zu capture%s;\n%zu more in the source are"
	       " out of sight, %zu of them seen inlined, and %zu are EL2's,"
	       " in hyp/nvhe\n",
	       n.state[REACHED], n.traceable,
	       percent(n.state[REACHED], n.traceable), c->programs,
	       s_of(c->programs), c->sources, s_of(c->sources),
	       n.state[OUT_OF_SIGHT], n.inlined, n.state[AT_EL2]);
	for (size_t i = 0; i < c->peers; i++)
		printf("%s, on %s: %lu of %lu (%u%%), %s\n",
		       c->peer[i].who, c->peer[i].kernel, c->peer[i].reached,
		       c->peer[i].traceable,
		       percent(c->peer[i].reached, c->peer[i].traceable),
		       c->peer[i].how);
	puts("\nreached  first here  program");
	for (size_t i = 0; i < c->programs; i++)
		printf("%7zu  %10zu  %s\n", c->program[i].reached,
		       c->program[i].first, c->program[i].name);
	puts("\nreached  traceable        source");
	walk(c, &text_table);
	if (functions)
		walk(c, &text_lists);
}

/* --- JSON ----------------------------------------------------------- */

static void put_json(const char *s)
{
	putchar('"');
	for (; *s; s++)
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < ' ')
			printf("\\u%04x", *s);
		else
			putchar(*s);
	putchar('"');
}

static void json_key(const char *before, const char *key, const char *value)
{
	printf("%s\"%s\": ", before, key);
	put_json(value);
}

/* Between the elements of an array. */
static void json_next(struct cover *c, const char *indent)
{
	printf("%s\n%s", c->later ? "," : "", indent);
	c->later = true;
}

static void json_counts(const struct counts *n)
{
	printf("\"reached\": %zu, \"traceable\": %zu, \"out_of_sight\": %zu,"
	       " \"inlined\": %zu, \"at_el2\": %zu, \"source\": %zu",
	       n->state[REACHED], n->traceable, n->state[OUT_OF_SIGHT],
	       n->inlined, n->state[AT_EL2], n->all);
}

static void json_file(struct cover *c, const char *path,
		      const struct counts *n)
{
	json_next(c, "    ");
	json_key("{", "path", path);
	printf(", ");
	json_counts(n);
	printf(", \"functions\": [");
	c->later = false;
}

static void json_file_end(struct cover *c)
{
	printf("\n    ]}");
	c->later = true;
}

static void json_function(struct cover *c, const struct item *it)
{
	bool any = false;

	json_next(c, "      ");
	json_key("{", "name", it->s->name);
	printf(", \"line\": %d", it->s->line);
	json_key(", ", "state", state_name[it->state]);
	if (it->inlined)
		printf(", \"inlined\": true");
	printf(", \"by\": [");
	for (size_t i = 0; i < c->sources; i++) {
		if (!it->calls[i])
			continue;
		json_key(any ? ", {" : "{", "program", c->source[i].program);
		json_key(", ", "mode", c->source[i].mode);
		printf(", \"calls\": %lu}", it->calls[i]);
		any = true;
	}
	printf("]}");
}

static const struct format json_format = {
	.file = json_file, .file_end = json_file_end,
	.function = json_function,
};

static void json_sources(struct cover *c)
{
	printf("  \"captures\": [");
	c->later = false;
	for (size_t i = 0; i < c->sources; i++) {
		json_next(c, "    ");
		json_key("{", "file", c->source[i].file);
		json_key(", ", "program", c->source[i].program);
		json_key(", ", "mode", c->source[i].mode);
		putchar('}');
	}
	printf("\n  ],\n  \"programs\": [");
	c->later = false;
	for (size_t i = 0; i < c->programs; i++) {
		json_next(c, "    ");
		json_key("{", "program", c->program[i].name);
		printf(", \"reached\": %zu, \"first_here\": %zu}",
		       c->program[i].reached, c->program[i].first);
	}
	printf("\n  ],\n");
}

static void json_peers(struct cover *c)
{
	printf("  \"beside\": [");
	c->later = false;
	for (size_t i = 0; i < c->peers; i++) {
		const struct peer *p = &c->peer[i];

		json_next(c, "    ");
		json_key("{", "who", p->who);
		json_key(", ", "kernel", p->kernel);
		printf(", \"reached\": %lu, \"traceable\": %lu", p->reached,
		       p->traceable);
		json_key(", ", "how", p->how);
		putchar('}');
	}
	printf("%s],\n", c->peers ? "\n  " : "");
}

void cover_json(struct cover *c)
{
	struct counts n = tally(c->order, c->items);

	printf("{\n  \"total\": {");
	json_counts(&n);
	printf("},\n");
	json_peers(c);
	json_sources(c);
	printf("  \"files\": [");
	c->later = false;
	walk(c, &json_format);
	printf("\n  ]\n}\n");
}

/* --- HTML ----------------------------------------------------------- */

static const char *const state_title[STATES] = {
	"Reached", "Traceable, and not reached", "Out of sight", "At EL2",
};
static const char *const state_class[STATES] = {
	"reached", "not", "hidden", "el2",
};

/* A path as an id. */
static void put_id(const char *path)
{
	for (; *path; path++)
		putchar(*path == '/' || *path == '.' ? '-' : *path);
}

/* How far it is filled, twice; the numbers beside it say the same. */
static void put_html_bar(const struct counts *n)
{
	printf("<span class=\"bar\" aria-hidden=\"true\" style=\"--reached:"
	       "%.1f%%;--traceable:%.1f%%\">&nbsp;</span>",
	       100.0 * n->state[REACHED] / n->all,
	       100.0 * n->traceable / n->all);
}

static void put_program(const struct cover *c, const char *name)
{
	if (c->pages) {
		fputs("<a href=\"", stdout);
		put_text(name);
		fputs(".html\">", stdout);
	}
	put_text(name);
	if (c->pages)
		fputs("</a>", stdout);
}

static void put_share(size_t reached, size_t traceable)
{
	printf("<td>%zu</td><td>%zu</td><td>", reached, traceable);
	if (traceable)
		printf("%u%%", percent(reached, traceable));
	printf("</td>");
}

static void html_row(struct cover *c, const char *name,
		     const struct counts *n)
{
	(void)c;
	fputs("<tr><th scope=\"row\"><a href=\"#", stdout);
	put_id(name);
	fputs("\"><code>", stdout);
	put_text(name);
	fputs("</code></a></th>", stdout);
	put_share(n->state[REACHED], n->traceable);
	printf("<td>%zu</td><td>", n->all);
	put_html_bar(n);
	fputs("</td></tr>\n", stdout);
}

static const struct format html_rows = { .directory = html_row };

static void html_directory(struct cover *c, const char *name,
			   const struct counts *n)
{
	(void)c;
	(void)n;
	fputs("<h2 id=\"", stdout);
	put_id(name);
	fputs("\">", stdout);
	put_text(name);
	fputs("</h2>\n<div class=\"coverage\">\n", stdout);
}

static void html_directory_end(struct cover *c)
{
	(void)c;
	fputs("</div>\n", stdout);
}

static void html_file(struct cover *c, const char *path,
		      const struct counts *n)
{
	(void)c;
	fputs("<details id=\"", stdout);
	put_id(path);
	fputs("\"><summary><code>", stdout);
	put_text(strrchr(path, '/') + 1);
	fputs("</code> ", stdout);
	put_html_bar(n);
	if (n->traceable)
		printf(" <span class=\"share\">%zu of %zu traceable, %zu in"
		       " the source</span>", n->state[REACHED], n->traceable,
		       n->all);
	else
		printf(" <span class=\"share\">none of %zu traceable</span>",
		       n->all);
	fputs("</summary>\n", stdout);
}

static void html_file_end(struct cover *c)
{
	(void)c;
	fputs("</details>\n", stdout);
}

static void html_state(struct cover *c, enum state state, size_t count)
{
	(void)c;
	printf("<p class=\"state %s\">%s: %zu</p>\n<ul class=\"%s\">\n",
	       state_class[state], state_title[state], count,
	       state_class[state]);
}

static void html_state_end(struct cover *c)
{
	(void)c;
	fputs("</ul>\n", stdout);
}

static void html_function(struct cover *c, const struct item *it)
{
	struct by *by = xcalloc(c->programs, sizeof(*by));
	size_t n = reached_by(c, it, by);

	printf("<li><a href=\"%s%s#L%d\"><code>%s</code></a>"
	       " <span class=\"loc\">%d</span>", c->base, it->s->path,
	       it->s->line, it->s->name, it->s->line);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ", " : " <span class=\"by\">", stdout);
		put_program(c, c->program[by[i].program].name);
		printf(" × %lu", by[i].calls);
		put_modes(c, it, by[i].program);
	}
	fputs(n ? "</span>" : "", stdout);
	fputs(it->inlined ? " <span class=\"by\">seen inlined</span></li>\n"
			  : "</li>\n", stdout);
	free(by);
}

static const struct format html_format = {
	.directory = html_directory, .directory_end = html_directory_end,
	.file = html_file, .file_end = html_file_end,
	.group = html_state, .group_end = html_state_end,
	.function = html_function,
};

static void html_peers(const struct cover *c, const struct counts *n)
{
	fputs("<h2 id=\"in-all\">In all</h2>\n<table class=\"coverage\">\n"
	      "<thead><tr><th>Who</th><th>Reached</th><th>Traceable</th>"
	      "<th>Share</th></tr></thead>\n<tbody>\n<tr><th scope=\"row\">",
	      stdout);
	printf("The %zu program%s here, in %zu capture%s</th>", c->programs,
	       s_of(c->programs), c->sources, s_of(c->sources));
	put_share(n->state[REACHED], n->traceable);
	fputs("</tr>\n", stdout);
	for (size_t i = 0; i < c->peers; i++) {
		const struct peer *p = &c->peer[i];

		fputs("<tr><th scope=\"row\">", stdout);
		put_text(p->who);
		fputs(", on ", stdout);
		put_text(p->kernel);
		fputs(" <span class=\"how-known\">", stdout);
		put_text(p->how);
		fputs("</span></th>", stdout);
		put_share(p->reached, p->traceable);
		fputs("</tr>\n", stdout);
	}
	printf("</tbody>\n</table>\n<p>%zu more functions in the source are"
	       " out of sight, %zu of them seen inlined, and %zu are EL2's,"
	       " in <code>hyp/nvhe</code>.</p>\n", n->state[OUT_OF_SIGHT],
	       n->inlined, n->state[AT_EL2]);
}

static void html_programs(const struct cover *c)
{
	fputs("<h2 id=\"by-program\">By program</h2>\n"
	      "<table class=\"coverage\">\n<thead><tr><th>Program</th>"
	      "<th>Reached</th><th>First here</th></tr></thead>\n<tbody>\n",
	      stdout);
	for (size_t i = 0; i < c->programs; i++) {
		fputs("<tr><th scope=\"row\">", stdout);
		put_program(c, c->program[i].name);
		printf("</th><td>%zu</td><td>%zu</td></tr>\n",
		       c->program[i].reached, c->program[i].first);
	}
	fputs("</tbody>\n</table>\n", stdout);
}

void cover_html(struct cover *c)
{
	struct counts n = tally(c->order, c->items);

	html_peers(c, &n);
	html_programs(c);
	fputs("<h2 id=\"by-directory\">By directory</h2>\n"
	      "<table class=\"coverage\">\n<thead><tr><th>Directory</th>"
	      "<th>Reached</th><th>Traceable</th><th>Share</th>"
	      "<th>Source</th><td></td></tr></thead>\n<tbody>\n", stdout);
	walk(c, &html_rows);
	fputs("</tbody>\n</table>\n", stdout);
	walk(c, &html_format);
}
