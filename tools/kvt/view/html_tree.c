// SPDX-License-Identifier: MIT
/* kvt html: a capture as nested lists that fold without JavaScript. */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "view/fragment.h"
#include "view/html.h"
#include "view/identity.h"
#include "view/open_rows.h"
#include "view/options.h"
#include "view/row_id.h"
#include "view/through.h"

struct html_tree {
	struct page page;
	struct fragment out;
	struct gaps *gaps;	/* the gaps to show, or NULL */
	struct identities *identities;
	const struct capture *ids_of;	/* rows that a strip leads to get ids */
	struct open_rows *rows;
	unsigned long calls, gaps_shown;
	bool later;		/* what is below a folded system call */
	enum html_fold system_call;	/* how the one around was begun */
	bool cut;		/* the view hides the call's children */
	long inside;		/* calls entered and not left */
};

static void html_tree_thread(void *data, const struct thread *t)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;

	markup_open_class(m, "li", "thread");
	markup_text(m, "thread ");
	markup_text(m, t->name);
	markup_close(m);
	markup_text(m, "\n");
}

/* --- what no tracer sees -------------------------------------------- */

static void write_gap_step(const struct page *p, const struct gap_step *s)
{
	html_link(p, "fn", s->definition, s->name);
	if (strcmp(s->kind, "inlined"))
		markup_printf(&p->out->m, " (%s)", gap_kind(s));
}

/* Writes what ran, or may have run, without a line in the capture. */
static void write_gap(void *data, const struct gap_shown *s, long depth)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;
	const struct gap_chain *gap = s->gap;
	int first = s->first;
	const char *call = gap->step[first].call;

	(void)depth;
	tree->gaps_shown++;
	markup_open_class(m, "li", "gap");
	markup_printf(m, "… %s: ", gap_words(s));
	for (int i = first; i < gap->steps; i++) {
		markup_text(m, i > first ? " › " : "");
		write_gap_step(&tree->page, &gap->step[i]);
	}
	markup_text(m, gap_runs_guest(gap) ? ": here the guest runs " : " ");
	html_link(&tree->page, "loc", call, html_file_of(call));
	markup_close(m);
	markup_text(m, "\n");
}

/* --- rows that repeat ----------------------------------------------- */

static void html_tree_group(void *data, const struct node *first, long depth)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;

	gaps_before(tree->gaps, first, write_gap, tree, depth);
	markup_open_class(m, "li", "group");
	html_row_begin(&tree->page);
	markup_open_class(m, "span", "times");
	markup_printf(m, "× %u, the first round of these %u", first->times,
		      first->group);
	markup_close(m);
	html_row_fold(&tree->page, "the first round",
		      open_rows_next(tree->rows) ? HTML_UNFOLDED : HTML_FOLDED);
}

static void html_tree_group_end(void *data, long depth)
{
	struct html_tree *tree = data;

	(void)depth;
	html_row_end(&tree->page, HTML_FOLDED);
	markup_close(&tree->out.m);
	markup_text(&tree->out.m, "\n");
}

/* --- calls ---------------------------------------------------------- */

/* A script makes the links.  It needs no number of the first of its name. */
static void write_call_number(struct html_tree *tree, const struct node *n)
{
	unsigned long number = identity_number(tree->identities, n);

	if (number > 1)
		markup_attribute_printf(&tree->out.m, "data-n", "%lu", number);
}

/* Only the first row of a tree has to say where it is. */
static void write_way_in(struct html_tree *tree, const struct node *n)
{
	struct markup *m = &tree->out.m;
	const struct node *in = identity_recorded(n->parent);
	char *way;

	if (tree->inside || !in)
		return;
	way = identity_way(tree->identities, in);
	markup_attribute(m, "data-in", way);
	free(way);
	while (identity_recorded(in->parent))
		in = identity_recorded(in->parent);
	if (in->place)
		markup_attribute(m, "data-at", in->place);
}

/* The sign of a call that the text names. */
static void write_named(struct html_tree *tree, const struct node *n)
{
	struct markup *m = &tree->out.m;

	if (!open_rows_named(tree->rows, n))
		return;
	markup_open_class(m, "span", "named");
	markup_attribute(m, "role", "img");
	markup_attribute(m, "aria-label", "named in the text: ");
	markup_text(m, "◆");
	markup_close(m);
	markup_text(m, " ");
}

static void write_times(struct html_tree *tree, const struct node *n,
			unsigned int times)
{
	struct markup *m = &tree->out.m;

	if (times <= 1)
		return;
	markup_text(m, " ");
	markup_open_class(m, "span", "times");
	markup_printf(m, "× %u%s", times,
		      tree_group_alike(n) ? "" : ", the first shown");
	markup_close(m);
}

static void write_tree_line(struct html_tree *tree, const struct node *n,
		       unsigned int times)
{
	write_named(tree, n);
	html_call(&tree->page, n);
	write_times(tree, n, times);
	html_place(&tree->page, n);
}

/* Levels that stand in one row: their names, which open to their places. */
static void write_through(struct html_tree *tree, const struct node *first,
			  unsigned int times)
{
	struct markup *m = &tree->out.m;
	const struct node *n;

	write_named(tree, first);
	markup_open_class(m, "details", "steps");
	markup_open(m, "summary");
	markup_text(m, "… through ");
	for (n = first; n; n = through_next(n))
		markup_printf(m, "%s%s", n == first ? "" : ", ", n->name);
	markup_close(m);
	markup_open(m, "ul");
	for (n = first; n; n = through_next(n)) {
		markup_open_class(m, "li", "step");
		write_call_number(tree, n);
		html_call(&tree->page, n);
		html_place(&tree->page, n);
		markup_close(m);
	}
	markup_close(m);
	markup_close(m);
	write_times(tree, first, times);
}

static const struct node *last_in_row(const struct node *n)
{
	while (through_next(n))
		n = through_next(n);
	return n;
}

/* What there is to unfold below N, which was entered last. */
enum list { NO_LIST, ONLY_GAPS, CALLS };

static enum list list_below(const struct html_tree *tree, const struct node *n)
{
	if (last_in_row(n)->children)
		return CALLS;
	return gaps_any(tree->gaps) ? ONLY_GAPS : NO_LIST;
}

static const char *class_of_row(const struct node *n, enum list list)
{
	if (is_level(n))
		return list == ONLY_GAPS ? "through blind" : "through";
	if (list == ONLY_GAPS)
		return "blind";
	if (list == CALLS)
		return NULL;
	return n->kind == NODE_EVENT ? "event" : "leaf";
}

/* The switch of a row, and where what is below begins.  In what is built later
 * the script gives the switches their names, since there are thousands. */
static void begin_below(struct html_tree *tree, const struct node *n, bool open)
{
	enum html_fold how = open ? HTML_UNFOLDED : HTML_FOLDED;
	size_t length;
	const char *name = identity_name(last_in_row(n), &length);
	char *below;

	if (n->kind == NODE_SYSCALL) {
		if (tree->later && !open)
			how = HTML_LATER;
		tree->system_call = how;
	} else if (tree->system_call == HTML_LATER) {
		html_row_fold(&tree->page, NULL, how);
		return;
	}
	below = xasprintf("%.*s", (int)length, name);
	html_row_fold(&tree->page, below, how);
	free(below);
}

static void begin_item(struct html_tree *tree, const struct node *n,
		       unsigned int times, bool open, bool cut)
{
	struct markup *m = &tree->out.m;
	enum list list = list_below(tree, n);
	const char *class = class_of_row(n, list);

	markup_open(m, "li");
	if (class)
		markup_attribute(m, "class", class);
	if (!is_level(n))
		write_call_number(tree, n);
	write_way_in(tree, n);
	if (tree->ids_of)
		row_id_write(m, tree->identities, tree->ids_of, n, cut);
	if (list || is_level(n))
		html_row_begin(&tree->page);
	if (is_level(n))
		write_through(tree, n, times);
	else
		write_tree_line(tree, n, times);
	if (list)
		begin_below(tree, n, open);
	else if (is_level(n))
		markup_close(m);
}

/* Is N in the row of the level that the walk came from? */
static bool is_in_row(const struct html_tree *tree, const struct node *n)
{
	return tree->inside && through_continues(n);
}

static void html_tree_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;
	bool open = open_rows_next(tree->rows);

	(void)level;
	gaps_before(tree->gaps, n, write_gap, tree, depth);
	gaps_enter(tree->gaps, n);
	tree->calls++;
	if (!is_in_row(tree, n))
		begin_item(tree, n, times, open, below);
	tree->inside++;
	if (!below)
		return;
	gaps_below(tree->gaps, write_gap, tree, depth);
	markup_open_class(m, "li", "more");
	markup_printf(m, "… %lu below", below);
	markup_close(m);
	tree->cut = true;
}

static void html_tree_leave(void *data, const struct node *n, long depth)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;

	if (!tree->cut)
		gaps_before(tree->gaps, NULL, write_gap, tree, depth);
	tree->cut = false;
	tree->inside--;
	if (!is_in_row(tree, n)) {
		if (list_below(tree, n))
			html_row_end(&tree->page, n->kind == NODE_SYSCALL ?
				     tree->system_call : HTML_FOLDED);
		markup_close(m);
		markup_text(m, "\n");
		if (n->kind == NODE_SYSCALL)
			tree->system_call = HTML_FOLDED;
	}
	gaps_leave(tree->gaps);
}

static const struct tree_ops html_tree_ops = {
	html_tree_thread, html_tree_group, html_tree_group_end,
	html_tree_enter, html_tree_leave,
};

/* --- the tree --------------------------------------------------------- */

/* A style sheet shows what no tracer saw where this is unfolded. */
static void write_gap_switch(struct html_tree *tree)
{
	struct markup *m = &tree->out.m;

	if (!tree->gaps_shown)
		return;
	markup_open_class(m, "details", "dark");
	markup_open(m, "summary");
	markup_printf(m, "What no tracer saw (%lu)", tree->gaps_shown);
	markup_close(m);
	markup_leaf(m, "p", "said",
		    "Functions that the compiler inlined, assembly, and code at"
		    " EL2 leave no line in a capture.  The kernel’s"
		    " instructions tell where they ran or may have run: there"
		    " they stand in the tree now, in italics.");
	markup_close(m);
	markup_text(m, "\n");
}

static void write_tree(struct html_tree *tree, struct capture *c,
		       const struct view *view)
{
	struct markup *m = &tree->out.m;

	markup_open_class(m, "div", "kvt-tree");
	markup_attribute(m, "data-capture",
			 capture_header(c, "program") ?: "");
	markup_attribute(m, "data-mode", capture_header(c, "mode") ?: "");
	markup_text(m, "\n");
	markup_open(m, "ul");
	markup_text(m, "\n");
	tree_walk(c, view, &html_tree_ops, tree);
	markup_close(m);
	markup_text(m, "\n");
	write_gap_switch(tree);
	markup_close(m);
	markup_text(m, "\n");
}

/* --- the command ---------------------------------------------------- */

static const char html_help[] =
"usage: kvt html --symbols TSV [OPTION]... CAPTURE\n"
"\n"
"Prints a capture as an HTML fragment, each function a link to its source.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth, --unfold, --traced\n"
"                      as in `kvt show`\n"
"  --gaps              as in `kvt show`: what no tracer sees\n"
"  --open N            levels that are unfolded at first (default: 3; with\n"
"                      --rows: all)\n"
"  --rows N            unfold until N rows are to be seen, first the way to the\n"
"                      calls that are named, then from the top down\n"
"  --named NAME        mark the calls of this function; may come many times\n"
"  --later             put what is below a folded system call in <noscript>, for\n"
"                      a script to build when it is unfolded\n"
"  --ids               ids for the rows that `kvt strip --html` leads to\n"
"  --wbr               let a long line break after a call's opening bracket\n"
"  --json              an object: calls and gaps, how many are shown, rows, how\n"
"                      many are to be seen at first, and html,\n"
"                      the fragment as an array.  Wherever it names a line of\n"
"                      the program, the array has an object, at and text, for\n"
"                      you to make a link of; all else are strings of HTML\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n";

struct html_options {
	bool json, breaks, later, ids;
	struct open_rows_wanted wanted;
};

static void print_html_object(struct html_tree *tree, struct json_object *parts)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "calls", tree->calls);
	json_add_number(object, "gaps", tree->gaps_shown);
	json_add_number(object, "rows", open_rows_seen(tree->rows));
	json_add(object, "html", parts);
	json_print(stdout, object, JSON_LINE);
	putchar('\n');
}

static void print_html_tree(struct options *o, const struct html_options *how,
		       const char *file)
{
	struct capture *c = capture_read(file);
	struct html_tree tree = {
		.page = { .symbols = options_symbols(o, c), .base = o->base,
			  .breaks = how->breaks },
		.gaps = options_gaps(o), .identities = identities_of(c),
		.later = how->later,
	};
	struct json_object *parts;

	tree.page.out = &tree.out;
	tree.ids_of = how->ids ? c : NULL;
	tree.gaps = gaps_choose(tree.gaps, c);
	view_prepare(c, &o->view);
	tree.rows = open_rows_of(c, &o->view, &how->wanted);
	if (how->json)
		fragment_collect(&tree.out);
	else
		fragment_print(&tree.out, stdout);
	write_tree(&tree, c, &o->view);
	parts = fragment_end(&tree.out);
	if (parts)
		print_html_object(&tree, parts);
	open_rows_free(tree.rows);
	identities_free(tree.identities);
	gaps_free(tree.gaps);
	capture_free(c);
}

static void take_html_option(void *data, int opt, const char *value)
{
	struct html_options *how = data;

	if (opt == 'j')
		how->json = true;
	else if (opt == 'i')
		how->ids = true;
	else if (opt == 'w')
		how->breaks = true;
	else if (opt == 'l')
		how->later = true;
	else if (opt == 'r')
		how->wanted.rows = parse_number("--rows", value, 1, 1000000);
	else
		arrput(how->wanted.named, value);
}

/* Without --open a number of rows decides alone. */
static long levels_to_open(const struct options *o,
			   const struct open_rows_wanted *wanted)
{
	if (o->open >= 0)
		return o->open;
	return wanted->rows ? LONG_MAX : 3;
}

int cmd_html(int argc, char **argv)
{
	static const struct option own[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "ids", no_argument, NULL, 'i' },
		{ "wbr", no_argument, NULL, 'w' },
		{ "later", no_argument, NULL, 'l' },
		{ "rows", required_argument, NULL, 'r' },
		{ "named", required_argument, NULL, 'n' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_VIEW | TAKE_SYMBOLS | TAKE_OPEN | TAKE_BASE |
			 TAKE_GAPS | TAKE_TRACED,
		.own = own, .take = take_html_option, .help = html_help,
	};
	struct options o = { .open = -1 };
	struct html_options how = { .json = false };
	int status = options_parse(&o, &options, &how, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1 || !o.symbols_file)
		die(KVT_USAGE, "html takes --symbols TSV and one capture; see"
		    " 'kvt html --help'");
	how.wanted.levels = levels_to_open(&o, &how.wanted);
	print_html_tree(&o, &how, argv[optind]);
	arrfree(how.wanted.named);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
