// SPDX-License-Identifier: MIT
/* kvt turns: how the threads of a program took turns. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/fragment.h"
#include "view/identity.h"
#include "view/moments.h"
#include "view/options.h"
#include "view/table_call.h"

/* A call that --calls names: NAME, or NAME(TEXT) with TEXT among the
 * arguments. */
struct wanted_call {
	char *name, *argument;
	bool seen;
};

/* A row of the table: a call, its begin, or its end. */
struct turn_row {
	const struct call_moment *moment;
	enum table_part part;
};

struct turns {
	const struct capture *c;
	struct wanted_call *wanted;	/* stb_ds */
	unsigned long first, last;	/* turns */
	const struct call_moment **chosen;	/* stb_ds */
	struct turn_row *row;		/* stb_ds */
};

/* --- which calls ----------------------------------------------------- */

static void add_wanted(struct turns *t, char *text)
{
	char *bracket = strchr(text, '('), *end = strrchr(text, ')');
	struct wanted_call w = { .name = text, .argument = "" };

	if (bracket) {
		if (!end || end[1])
			die(KVT_USAGE, "--calls takes NAME or NAME(TEXT), not"
			    " '%s'", text);
		*bracket = *end = '\0';
		w.argument = bracket + 1;
	}
	arrput(t->wanted, w);
}

/* The name by which a call can be wanted: an ioctl's is its request; what
 * the compiler appended to a function's name does not count. */
static const char *name_to_want(const struct node *n, size_t *length)
{
	static const char word[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_";
	const char *request = request_of(n, length);

	if (*length)
		return request;
	*length = strspn(n->name, word);
	return n->name;
}

static bool is_wanted(struct turns *t, const struct node *n)
{
	size_t length;
	const char *name = name_to_want(n, &length);
	bool found = false;

	for (long i = 0; i < arrlen(t->wanted); i++) {
		struct wanted_call *w = &t->wanted[i];

		if (strlen(w->name) == length &&
		    !memcmp(w->name, name, length) &&
		    strstr(n->args, w->argument))
			found = w->seen = true;
	}
	return found;
}

static void choose(struct turns *t, const struct call_moment *order)
{
	for (size_t i = 0; i < arrlenu(order); i++)
		if (order[i].turn >= t->first && order[i].turn <= t->last &&
		    is_wanted(t, order[i].call))
			arrput(t->chosen, &order[i]);
	for (long i = 0; i < arrlen(t->wanted); i++)
		if (!t->wanted[i].seen)
			die(KVT_USAGE, "%s is not called in these turns of %s",
			    t->wanted[i].name, t->c->file);
}

/* --- rows ------------------------------------------------------------ */

/* To be freed. */
static char *row_text(const struct turn_row *row)
{
	const struct node *n = row->moment->call;
	char *args = without_fields(n->args);
	char *result = n->result ? without_fields(n->result) : NULL;
	struct buf b = { 0 };
	size_t length;
	const char *name = name_to_want(n, &length);

	if (row->part == TABLE_END)
		buf_printf(&b, "… %.*s", (int)length, name);
	else
		buf_printf(&b, "%s(%s)", n->name, args);
	if (row->part != TABLE_BEGIN && n->open)
		buf_puts(&b, " never returned");
	if (row->part != TABLE_BEGIN && result)
		buf_printf(&b, " = %s", result);
	free(args);
	free(result);
	return buf_take(&b);
}

/* A call that nothing chosen comes into is one row, another is two. */
static void make_rows(struct turns *t)
{
	for (long i = 0; i < arrlen(t->chosen); i++) {
		const struct call_moment *m = t->chosen[i];
		const struct call_moment *next = i + 1 < arrlen(t->chosen) ?
					    t->chosen[i + 1] : NULL;
		bool whole = !m->ends && next && next->call == m->call &&
			     next->turn == m->turn;

		arrput(t->row, ((struct turn_row){
			m, m->ends ? TABLE_END : whole ? TABLE_WHOLE
						       : TABLE_BEGIN }));
		i += whole;
	}
}

/* --- printing -------------------------------------------------------- */

static void print_order(const struct call_moment *order)
{
	size_t count;

	for (size_t i = 0; i < arrlenu(order); i += count) {
		for (count = 1; i + count < arrlenu(order); count++)
			if (order[i + count].turn != order[i].turn)
				break;
		printf("%s\t%zu\n", order[i].thread->name, count);
	}
}

static void print_rows(const struct turns *t)
{
	puts(" turn  thread  call");
	for (long i = 0; i < arrlen(t->row); i++) {
		const struct call_moment *m = t->row[i].moment;
		char *text = row_text(&t->row[i]);

		printf("%5lu  %6s  %s\n", m->turn, m->thread->name, text);
		free(text);
	}
}

static void print_row_objects(const struct turns *t)
{
	struct json_object *rows = json_object_new_array();

	for (long i = 0; i < arrlen(t->row); i++) {
		const struct call_moment *m = t->row[i].moment;
		struct json_object *o = json_object_new_object();
		char *text = row_text(&t->row[i]);

		json_add_number(o, "turn", m->turn);
		json_add_text(o, "thread", m->thread->name);
		json_add_number(o, "line", m->call->line);
		json_add_text(o, "text", text);
		free(text);
		json_object_array_add(rows, o);
	}
	json_print(stdout, rows, JSON_TREE);
	putchar('\n');
}

static void write_turn_row(const struct table_page *p,
			   const struct turn_row *row, unsigned long columns)
{
	unsigned long column = strtoul(row->moment->thread->name, NULL, 10);
	const struct node *n = row->moment->call;
	struct markup *m = &p->page.out->m;

	markup_open(m, "tr");
	for (unsigned long i = 0; i < columns; i++) {
		markup_open(m, "td");
		if (i == column) {
			markup_open(m, "code");
			table_write_call(p, n, row->part);
			markup_close(m);
			if (row->part != TABLE_END)
				table_write_place(p, n);
			table_write_link(p, n);
		}
		markup_close(m);
	}
	markup_close(m);
}

static unsigned long count_columns(const struct turns *t)
{
	unsigned long columns = 0;

	for (long i = 0; i < arrlen(t->row); i++) {
		const char *name = t->row[i].moment->thread->name;
		unsigned long number = strtoul(name, NULL, 10);

		if (number >= columns)
			columns = number + 1;
	}
	return columns;
}

static void write_column_heads(struct markup *m, unsigned long columns)
{
	markup_open(m, "thead");
	markup_open(m, "tr");
	for (unsigned long i = 0; i < columns; i++) {
		markup_text(m, "\n");
		markup_open(m, "th");
		markup_attribute(m, "scope", "col");
		markup_printf(m, "thread %lu", i);
		markup_close(m);
	}
	markup_text(m, "\n");
	markup_close(m);
	markup_close(m);
}

struct turns_options {
	struct options shared;
	const char *calls, *turns, *page;
};

/* A column a thread, and a group of rows a turn. */
static void write_turn_table(const struct turns *t, const struct table_page *p)
{
	unsigned long columns = count_columns(t), turn = 0;
	struct markup *m = &p->page.out->m;

	markup_open(m, "table");
	write_column_heads(m, columns);
	for (long i = 0; i < arrlen(t->row); i++) {
		markup_text(m, "\n");
		if (t->row[i].moment->turn != turn) {
			if (turn)
				markup_close(m);
			markup_open(m, "tbody");
			markup_attribute_printf(m, "data-thread", "thread %s",
				t->row[i].moment->thread->name);
			markup_text(m, "\n");
		}
		turn = t->row[i].moment->turn;
		write_turn_row(p, &t->row[i], columns);
	}
	markup_text(m, "\n");
	if (turn)
		markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
}

static void print_turn_html(const struct turns *t, struct turns_options *o)
{
	struct fragment out;
	struct identities *all = identities_of(t->c);
	struct table_page page = {
		.page = { .out = &out, .base = o->shared.base,
			  .symbols = options_symbols(&o->shared, t->c) },
		.c = t->c, .identities = all, .rows = o->page,
	};

	if (o->shared.json)
		fragment_collect(&out);
	else
		fragment_print(&out, stdout);
	write_turn_table(t, &page);
	fragment_print_parts(&out);
	identities_free(all);
}

/* --- the command ----------------------------------------------------- */

static const char turns_help[] =
"usage: kvt turns CAPTURE TIMES\n"
"       kvt turns --calls CALLS [OPTION]... CAPTURE TURNS\n"
"\n"
"Prints how the threads of a program took turns, a line a turn: the thread,\n"
"a tab, and how many calls began or ended in it.  TIMES is what --times of\n"
"`kvt record` or `kvt import` wrote with the capture.\n"
"\n"
"With --calls, TURNS is what the first form printed, and the calls are\n"
"printed in the order of time: a call in one line, or, where another of these\n"
"comes in between, its begin and its end.\n"
"\n"
"  --calls CALLS       which: names of functions, system calls, ioctls and\n"
"                      tracepoints with blanks between them; NAME(TEXT) means\n"
"                      those with TEXT among the arguments\n"
"  --turns FIRST-LAST  only these turns\n"
"  --json              an array: turn, thread, line of the capture, text\n"
"  --html              a table with a column for each thread, for the book; with\n"
"                      --json in parts, as `kvt html --json` has them\n"
"  --page PAGE         with --html: calls are links to rows of this page, which\n"
"                      has the whole capture\n"
"  --symbols TSV       with --html: where the functions are (default:\n"
"                      $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n";

static void take_turns_option(void *data, int opt, const char *value)
{
	struct turns_options *o = data;

	if (opt == 'c')
		o->calls = value;
	else if (opt == 't')
		o->turns = value;
	else
		o->page = value;
}

static void print_table(const struct capture *c,
			const struct call_moment *order,
			struct turns_options *o)
{
	struct turns t = { .c = c };
	char *calls = xstrdup(o->calls), *save = NULL;

	for (char *name = strtok_r(calls, " ", &save); name;
	     name = strtok_r(NULL, " ", &save))
		add_wanted(&t, name);
	moments_parse_turns(o->turns, &t.first, &t.last);
	choose(&t, order);
	make_rows(&t);
	if (o->shared.html)
		print_turn_html(&t, o);
	else if (o->shared.json)
		print_row_objects(&t);
	else
		print_rows(&t);
	arrfree(t.row);
	arrfree(t.chosen);
	arrfree(t.wanted);
	free(calls);
}

int cmd_turns(int argc, char **argv)
{
	static const struct option own[] = {
		{ "calls", required_argument, NULL, 'c' },
		{ "turns", required_argument, NULL, 't' },
		{ "page", required_argument, NULL, 'p' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_HTML | TAKE_JSON | TAKE_SYMBOLS | TAKE_BASE,
		.own = own,
		.take = take_turns_option, .help = turns_help,
	};
	struct turns_options o = { .calls = NULL };
	struct capture *c;
	struct call_moment *order;
	int status = options_parse(&o.shared, &options, &o, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 2)
		die(KVT_USAGE, "turns takes a capture, and its times or turns;"
		    " see 'kvt turns --help'");
	if (!o.calls && (o.turns || o.shared.html || o.shared.json || o.page))
		die(KVT_USAGE, "turns prints a table of --calls only; see"
		    " 'kvt turns --help'");
	c = capture_read(argv[optind]);
	view_prepare(c, &o.shared.view);
	order = o.calls ? moments_by_turns(c, argv[optind + 1])
			: moments_by_times(c, argv[optind + 1]);
	if (o.calls)
		print_table(c, order, &o);
	else
		print_order(order);
	arrfree(order);
	options_free(&o.shared);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
