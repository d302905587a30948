// SPDX-License-Identifier: MIT
/*
 * kvt cover: how much of KVM do captures reach?
 *
 * What is counted is names: a name is a function of the file in which the
 * index defines it first.  functions.tsv says which of them the kernel can
 * trace; a function that no tracer sees may well have run.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/tsv.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"
#include "view/cover.h"
#include "view/html.h"

/* --- the kernel's tables -------------------------------------------- */

static void load_items(struct cover *c)
{
	const struct symbols *all = c->symbols;
	const struct symbol *last = NULL;

	c->item = xcalloc(all->count, sizeof(*c->item));
	c->of = xcalloc(all->count, sizeof(*c->of));
	for (size_t i = 0; i < all->count; i++) {
		const struct symbol *s = &all->sym[i];

		if (last && !strcmp(last->name, s->name))
			continue;
		last = s;
		if (strcmp(s->kind, "function") || !is_kvm_path(s->path) ||
		    (c->path && !strstr(s->path, c->path)))
			continue;
		c->of[i] = &c->item[c->items];
		c->item[c->items++].s = s;
	}
	if (!c->items)
		die(KVT_USAGE, "no file of KVM with a function has '%s' in"
		    " its path", c->path ?: "");
}

/* The function that NAME means; NULL: none of KVM's, or not asked for. */
static struct item *find(struct cover *c, const char *name)
{
	const struct symbol *s = symbols_find(c->symbols, name);

	return s ? c->of[s - c->symbols->sym] : NULL;
}

static void load_traceable(struct cover *c, const char *path)
{
	size_t count, found = 0;
	struct function *f = functions_load(path, &count);

	for (size_t i = 0; i < count; i++) {
		struct item *it = find(c, f[i].name);

		if (it)
			it->traceable = true;
		found += it != NULL;
		free(f[i].name);
	}
	free(f);
	if (!found && !c->path)
		die(KVT_FAILED, "%s lists no function of KVM", path);
}

/* Two tables that say the opposite are not of one kernel. */
static void load_untraced(struct cover *c, const char *path)
{
	char *text = read_file(path, NULL), *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *field[3];
		struct item *it;

		if (split_tabs(line, field, 3) != 3)
			die(KVT_FAILED, "%s: a line without three fields",
			    path);
		it = find(c, field[0]);
		if (it && it->traceable)
			die(KVT_FAILED, "%s: %s is in functions.tsv too;"
			    " take both from one run of kvt facts", path,
			    field[0]);
		if (it)
			it->untraced = true;
	}
	free(text);
}

static void load_peers(struct cover *c, const char *path)
{
	char *text = read_file(path, NULL), *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *f[5];

		if (split_tabs(line, f, 5) != 5)
			die(KVT_FAILED, "%s: a line without five fields",
			    path);
		if (line == text)
			continue;	/* the heading */
		c->peer = xrealloc(c->peer, (c->peers + 1) *
					    sizeof(*c->peer));
		c->peer[c->peers++] = (struct peer){
			.who = xstrdup(f[0]), .kernel = xstrdup(f[1]),
			.reached = parse_number(path, f[2], 0, 1000000),
			.traceable = parse_number(path, f[3], 1, 1000000),
			.how = xstrdup(f[4]),
		};
	}
	free(text);
}

/* --- captures ------------------------------------------------------- */

static void count_call(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct cover *c = data;
	struct item *it;

	(void)depth;
	(void)level;
	(void)times;
	(void)below;
	if (n->kind != NODE_CALL && n->kind != NODE_INLINED)
		return;
	it = find(c, n->name);
	if (n->kind == NODE_INLINED) {
		if (it)
			it->inlined = true;
		return;
	}
	if (it)
		it->calls[c->sources]++;
	else
		c->unknown += !symbols_find(c->symbols, n->name);
}

static void no_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void no_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void no_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static const struct tree_ops count_ops = {
	no_thread, no_group, no_group_end, count_call, no_group,
};

static void load_captures(struct cover *c, char **file, size_t count)
{
	static const struct view whole = { .unfold = true };

	c->source = xcalloc(count, sizeof(*c->source));
	for (size_t i = 0; i < c->items; i++)
		c->item[i].calls = xcalloc(count, sizeof(*c->item->calls));
	for (size_t i = 0; i < count; i++) {
		struct capture *in = capture_read(file[i]);

		c->unknown = 0;
		tree_walk(in, &whole, &count_ops, c);
		if (c->unknown)
			warn("%s: calls that the index has no function for:"
			     " %zu; is it of another kernel?", file[i],
			     c->unknown);
		c->source[c->sources++] = (struct source){
			.file = file[i],
			.program = xstrdup(capture_header(in, "program")
					   ?: file[i]),
			.mode = xstrdup(capture_header(in, "mode") ?: "?"),
		};
		capture_free(in);
	}
}

/* --- what they come to ---------------------------------------------- */

size_t cover_directory(const struct item *it)
{
	return strrchr(it->s->path, '/') - it->s->path;
}

int cover_by_directory(const struct item *x, const struct item *y)
{
	size_t n = cover_directory(x), m = cover_directory(y);
	int d = strncmp(x->s->path, y->s->path, n < m ? n : m);

	return d ? d : (n > m) - (n < m);
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = *(struct item *const *)a;
	const struct item *y = *(struct item *const *)b;
	int d = cover_by_directory(x, y);

	if (!d)
		d = strcmp(x->s->path, y->s->path);
	if (!d)
		d = (int)x->state - (int)y->state;
	return d ? d : x->s->line - y->s->line;
}

static enum state state_of(struct cover *c, const struct item *it)
{
	for (size_t i = 0; i < c->sources; i++) {
		if (!it->calls[i])
			continue;
		c->unlisted += !it->traceable;
		return REACHED;
	}
	if (it->traceable)
		return NOT_REACHED;
	return !it->untraced && strstr(it->s->path, "/hyp/nvhe/") ?
	       AT_EL2 : OUT_OF_SIGHT;
}

static void set_states(struct cover *c)
{
	c->order = xcalloc(c->items, sizeof(*c->order));
	for (size_t i = 0; i < c->items; i++) {
		c->item[i].state = state_of(c, &c->item[i]);
		c->order[i] = &c->item[i];
	}
	qsort(c->order, c->items, sizeof(*c->order), by_place);
	if (c->unlisted)
		warn("functions.tsv does not list %zu that ran; is it of"
		     " another kernel? They count as traceable", c->unlisted);
}

static int by_program(const void *a, const void *b)
{
	const struct program *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static size_t find_program(const struct cover *c, const char *name)
{
	size_t i = 0;

	while (i < c->programs && strcmp(c->program[i].name, name))
		i++;
	return i;
}

unsigned long cover_calls(const struct cover *c, const struct item *it,
			  size_t program)
{
	unsigned long most = 0;

	for (size_t i = 0; i < c->sources; i++)
		if (c->source[i].of == program && it->calls[i] > most)
			most = it->calls[i];
	return most;
}

static void set_programs(struct cover *c)
{
	c->program = xcalloc(c->sources, sizeof(*c->program));
	for (size_t i = 0; i < c->sources; i++) {
		size_t at = find_program(c, c->source[i].program);

		c->programs += at == c->programs;
		c->program[at].name = c->source[i].program;
		c->program[at].captures++;
	}
	qsort(c->program, c->programs, sizeof(*c->program), by_program);
	for (size_t i = 0; i < c->sources; i++)
		c->source[i].of = find_program(c, c->source[i].program);
	for (size_t i = 0; i < c->items; i++) {
		bool before = false;

		for (size_t p = 0; p < c->programs; p++) {
			if (!cover_calls(c, &c->item[i], p))
				continue;
			c->program[p].reached++;
			c->program[p].first += !before;
			before = true;
		}
	}
}

/* --- the command ---------------------------------------------------- */

static const char cover_help[] =
"usage: kvt cover --symbols TSV [OPTION]... CAPTURE...\n"
"\n"
"Prints which functions of KVM the captures reach, a line a source file: of\n"
"those that the kernel can trace, and of all in the source.  A function\n"
"belongs to the file that the index has first for its name.\n"
"\n"
"  --functions         list each file's functions, and who reaches them\n"
"  --json              everything, as JSON\n"
"  --html              everything, as an HTML fragment, for the book\n"
"  --path TEXT         only files that have TEXT in their path\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --facts DIR         has functions.tsv and untraced.tsv of the kernel, as\n"
"                      `kvt facts` writes them (default: beside the index)\n"
"  --beside TSV        print these figures beside: who, kernel, reached,\n"
"                      traceable, how it was measured; below a heading\n"
"  --source-base URL   what links to the source begin with\n"
"  --pages             link each program to its page, PROGRAM.html\n"
"\n"
"`× 3` is how often a program calls a function, in the capture of it that\n"
"has most.  Exit codes: 0 done; 2 usage; 3 a capture is truncated or\n"
"altered; 5 failure.\n";

enum output { TEXT, LISTS, JSON, HTML };

struct arguments {
	const char *symbols, *facts, *beside;
	enum output output;
};

static bool take_option(struct cover *c, struct arguments *a, int opt,
			const char *arg)
{
	switch (opt) {
	case 'f':
		a->output = LISTS;
		return true;
	case 'j':
		a->output = JSON;
		return true;
	case 'H':
		a->output = HTML;
		return true;
	case 'p':
		c->path = arg;
		return true;
	case 'y':
		a->symbols = arg;
		return true;
	case 'd':
		a->facts = arg;
		return true;
	case 'B':
		a->beside = arg;
		return true;
	case 'b':
		c->base = arg;
		return true;
	case 'P':
		c->pages = true;
		return true;
	}
	return false;
}

/* A table of the kernel: in --facts, or beside the index. */
static char *table(const struct arguments *a, const char *name)
{
	const char *slash = strrchr(a->symbols, '/');

	if (a->facts)
		return xasprintf("%s/%s", a->facts, name);
	return xasprintf("%.*s%s", slash ? (int)(slash - a->symbols) + 1 : 0,
			 a->symbols, name);
}

static void free_cover(struct cover *c)
{
	for (size_t i = 0; i < c->items; i++)
		free(c->item[i].calls);
	for (size_t i = 0; i < c->sources; i++) {
		free(c->source[i].program);
		free(c->source[i].mode);
	}
	for (size_t i = 0; i < c->peers; i++) {
		free(c->peer[i].who);
		free(c->peer[i].kernel);
		free(c->peer[i].how);
	}
	free(c->item);
	free(c->of);
	free(c->order);
	free(c->source);
	free(c->program);
	free(c->peer);
	symbols_free(c->symbols);
}

static void report(struct cover *c, const struct arguments *a, char **file,
		   size_t count)
{
	char *functions = table(a, "functions.tsv");
	char *untraced = table(a, "untraced.tsv");

	c->symbols = symbols_load(a->symbols);
	load_items(c);
	load_traceable(c, functions);
	load_untraced(c, untraced);
	if (a->beside)
		load_peers(c, a->beside);
	load_captures(c, file, count);
	set_states(c);
	set_programs(c);
	if (a->output == JSON)
		cover_json(c);
	else if (a->output == HTML)
		cover_html(c);
	else
		cover_text(c, a->output == LISTS);
	close_file(stdout, "standard output");
	free_cover(c);
	free(functions);
	free(untraced);
}

int cmd_cover(int argc, char **argv)
{
	static const struct option options[] = {
		{ "functions", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "html", no_argument, NULL, 'H' },
		{ "path", required_argument, NULL, 'p' },
		{ "symbols", required_argument, NULL, 'y' },
		{ "facts", required_argument, NULL, 'd' },
		{ "beside", required_argument, NULL, 'B' },
		{ "source-base", required_argument, NULL, 'b' },
		{ "pages", no_argument, NULL, 'P' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct arguments a = { .symbols = getenv("KVT_SYMBOLS") };
	struct cover c = {
		.base = html_source_base,
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (take_option(&c, &a, opt, optarg))
			continue;
		fputs(opt == 'h' ? cover_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind == argc || !a.symbols)
		die(KVT_USAGE, "cover takes --symbols TSV and one capture or"
		    " more; see 'kvt cover --help'");
	if (a.beside && c.path)
		die(KVT_USAGE, "the figures of --beside are of all of KVM;"
		    " leave out --path");
	report(&c, &a, argv + optind, argc - optind);
	return KVT_OK;
}
