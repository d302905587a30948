// SPDX-License-Identifier: MIT
/* kvt html: a capture as nested lists that fold without JavaScript. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/markup.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "view/fragment.h"
#include "view/html.h"
#include "view/identity.h"
#include "view/options.h"

struct html_tree {
	struct page page;
	struct fragment out;
	struct gaps *gaps;	/* the gaps to show, or NULL */
	struct identities *identities;
	unsigned long calls, gaps_shown;
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
	markup_open(m, "details");
	markup_attribute(m, "open", NULL);
	markup_open(m, "summary");
	markup_open_class(m, "span", "times");
	markup_printf(m, "× %u, the first round of these %u", first->times,
		      first->group);
	markup_close(m);
	markup_close(m);
	markup_open(m, "ul");
	markup_text(m, "\n");
}

static void html_tree_group_end(void *data, long depth)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;

	(void)depth;
	markup_close(m);
	markup_close(m);
	markup_close(m);
	markup_text(m, "\n");
}

/* --- calls ---------------------------------------------------------- */

/*
 * A script makes the links.  The first call of a name needs no number, and
 * only the first row of a tree must say where it is.
 */
static void write_identity(const struct html_tree *tree, const struct node *n,
			   struct markup *m)
{
	unsigned long number = identity_number(tree->identities, n);
	const struct node *in = identity_recorded(n->parent);
	char *way;

	if (number > 1)
		markup_attribute_printf(m, "data-n", "%lu", number);
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

static void write_tree_line(struct html_tree *tree, const struct node *n,
		       unsigned int times)
{
	html_call(&tree->page, n);
	if (times > 1) {
		markup_text(&tree->out.m, " ");
		markup_open_class(&tree->out.m, "span", "times");
		markup_printf(&tree->out.m, "× %u%s", times,
			      tree_group_alike(n) ? "" : ", the first shown");
		markup_close(&tree->out.m);
	}
	html_place(&tree->page, n);
}

/* Has N, which the walk entered last, anything to unfold? */
static bool has_list(const struct html_tree *tree, const struct node *n)
{
	return n->children || gaps_any(tree->gaps);
}

static void html_tree_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct html_tree *tree = data;
	struct markup *m = &tree->out.m;
	bool list;

	gaps_before(tree->gaps, n, write_gap, tree, depth);
	gaps_enter(tree->gaps, n);
	list = has_list(tree, n);
	tree->calls++;
	markup_open(m, "li");
	if (!list)
		markup_attribute(m, "class",
				 n->kind == NODE_EVENT ? "event" : "leaf");
	write_identity(tree, n, m);
	if (list) {
		markup_open(m, "details");
		if (!below && level < tree->page.open)
			markup_attribute(m, "open", NULL);
		markup_open(m, "summary");
	}
	tree->inside++;
	write_tree_line(tree, n, times);
	if (!list)
		return;
	markup_close(m);
	markup_open(m, "ul");
	markup_text(m, "\n");
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
	if (has_list(tree, n)) {
		markup_close(m);
		markup_text(m, "\n");
		markup_close(m);
	}
	gaps_leave(tree->gaps);
	markup_close(m);
	markup_text(m, "\n");
}

static const struct tree_ops html_tree_ops = {
	html_tree_thread, html_tree_group, html_tree_group_end,
	html_tree_enter, html_tree_leave,
};

/* --- the command ---------------------------------------------------- */

static const char html_help[] =
"usage: kvt html --symbols TSV [OPTION]... CAPTURE\n"
"\n"
"Prints a capture as an HTML fragment, each function a link to its source.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth, --unfold, --traced\n"
"                      as in `kvt show`\n"
"  --gaps              as in `kvt show`: what no tracer sees\n"
"  --open N            levels that are unfolded at first (default: 3)\n"
"  --wbr               let a long line break after a call's opening bracket\n"
"  --json              an object: calls and gaps, how many are shown, and html,\n"
"                      the fragment as an array.  Wherever it names a line of\n"
"                      the program, the array has an object, at and text, for\n"
"                      you to make a link of; all else are strings of HTML\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n";

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
	markup_close(m);
	markup_text(m, "\n");
}

struct html_options {
	bool json, breaks;
};

static void print_html_tree(struct options *o, const struct html_options *how,
		       const char *file)
{
	struct capture *c = capture_read(file);
	struct html_tree tree = {
		.page = { .symbols = options_symbols(o, c), .base = o->base,
			  .open = o->open, .breaks = how->breaks },
		.gaps = options_gaps(o), .identities = identities_of(c),
	};
	struct json_object *parts, *object;

	tree.page.out = &tree.out;
	tree.gaps = gaps_choose(tree.gaps, c);
	view_prepare(c, &o->view);
	if (how->json)
		fragment_collect(&tree.out);
	else
		fragment_print(&tree.out, stdout);
	write_tree(&tree, c, &o->view);
	parts = fragment_end(&tree.out);
	if (parts) {
		object = json_object_new_object();
		json_add_number(object, "calls", tree.calls);
		json_add_number(object, "gaps", tree.gaps_shown);
		json_add(object, "html", parts);
		json_print(stdout, object, JSON_LINE);
		putchar('\n');
	}
	identities_free(tree.identities);
	gaps_free(tree.gaps);
	capture_free(c);
}

static void take_html_option(void *data, int opt, const char *value)
{
	struct html_options *how = data;

	(void)value;
	if (opt == 'j')
		how->json = true;
	else
		how->breaks = true;
}

int cmd_html(int argc, char **argv)
{
	static const struct option own[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "wbr", no_argument, NULL, 'w' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_VIEW | TAKE_SYMBOLS | TAKE_OPEN | TAKE_BASE |
			 TAKE_GAPS | TAKE_TRACED,
		.own = own, .take = take_html_option, .help = html_help,
	};
	struct options o = { .open = 3 };
	struct html_options how = { .json = false };
	int status = options_parse(&o, &options, &how, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1 || !o.symbols_file)
		die(KVT_USAGE, "html takes --symbols TSV and one capture; see"
		    " 'kvt html --help'");
	print_html_tree(&o, &how, argv[optind]);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
