// SPDX-License-Identifier: MIT
/*
 * kvt called: what a capture called from lines of the kernel's source.
 *
 * A capture that was recorded with call sites has the line that each call was
 * made from; whoever tells a function line by line asks for what each did.
 */
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
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "view/html.h"
#include "view/options.h"
#include "view/show.h"

enum {
	MOST_MADE = 3,		/* calls of one line that are shown */
	MOST_LEVELS = 2,	/* of calls below each */
	MOST_SIBLINGS = 8,	/* below one call */
};

struct called {
	const struct page *page;
	const struct painter *painter;
	const struct node **scope;	/* to look in: of base/vec.h */
	bool json;
};

/* --- finding -------------------------------------------------------- */

static void find_made(const struct node *n, const char *place,
		      const struct node ***found)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		/* A system call's place is one in the program. */
		if (c->kind != NODE_SYSCALL && c->place &&
		    !strcmp(c->place, place))
			arrput(*found, c);
		find_made(c, place, found);
	}
}

static const struct node **made_from(const struct called *k,
				     const char *place)
{
	const struct node **found = NULL;

	for (size_t i = 0; i < arrlenu(k->scope); i++)
		find_made(k->scope[i], place, &found);
	return found;
}

/* Where to look: below what PATH means, or everywhere. */
static const struct node **called_scope(const struct capture *c,
					const char *path)
{
	const struct claim_context all = { c, NULL };
	const struct node **scope = NULL;
	struct claim *claim;

	for (unsigned int i = 0; !path && i < c->threads; i++)
		arrput(scope, &c->thread[i].root);
	if (!path)
		return scope;
	claim = claim_parse(path);
	if (claim->scope.steps || claim->facts != 1 ||
	    claim->fact->kind != CLAIM_COUNT || claim->fact->high != ULONG_MAX)
		die(KVT_USAGE, "--in takes the path of a call, not '%s'", path);
	scope = claim_find(&all, &claim->fact->path[0],
			   claim->fact->path[0].steps);
	if (!scope)
		die(KVT_USAGE, "%s has no call %s", c->file, path);
	claim_free(claim);
	return scope;
}

/* --- printing ------------------------------------------------------- */

static void write_more(struct markup *m, unsigned long count, const char *what)
{
	if (!count)
		return;
	markup_open_class(m, "li", "more");
	markup_printf(m, "… %lu %s", count, what);
	markup_close(m);
	markup_text(m, "\n");
}

/* The names of the calls, each once. */
static struct json_object *names_of_made(const struct node *const *found)
{
	struct json_object *names = json_object_new_array();

	for (size_t i = 0; i < arrlenu(found); i++) {
		size_t k = 0;

		while (k < i && strcmp(found[k]->name, found[i]->name))
			k++;
		if (k == i)
			json_object_array_add(names,
					      json_text(found[i]->name));
	}
	return names;
}

/* A call, and LEVELS of those below it. */
static void write_made(const struct page *p, const struct node *n, int levels)
{
	struct markup *m = &p->out->m;
	unsigned int shown = levels ? n->children : 0;

	if (shown > MOST_SIBLINGS)
		shown = MOST_SIBLINGS;
	markup_open(m, "li");
	markup_open_class(m, "div", n->kind == NODE_EVENT ? "event" : "leaf");
	html_call(p, n);
	html_place(p, n);
	markup_close(m);
	if (n->children) {
		markup_open(m, "ul");
		markup_text(m, "\n");
		for (unsigned int i = 0; i < shown; i++)
			write_made(p, n->child[i], levels - 1);
		if (!levels)
			write_more(m, tree_count(n), "below");
		else
			write_more(m, n->children - shown, "more");
		markup_close(m);
	}
	markup_close(m);
	markup_text(m, "\n");
}

static void print_made_json(const struct called *k, const char *place,
			    const struct node *const *found)
{
	struct json_object *object = json_object_new_object();
	struct markup *m = &k->page->out->m;
	size_t count = arrlenu(found), i;

	json_add_text(object, "place", place);
	json_add_number(object, "calls", count);
	json_add(object, "names", names_of_made(found));
	fragment_collect(k->page->out);
	markup_open_class(m, "div", "kvt-tree");
	markup_open(m, "ul");
	markup_text(m, "\n");
	for (i = 0; i < count && i < MOST_MADE; i++)
		write_made(k->page, found[i], MOST_LEVELS);
	write_more(m, count - i, "more");
	markup_close(m);
	markup_close(m);
	json_add(object, "html", fragment_end(k->page->out));
	json_print(stdout, object, JSON_LINE);
	putchar('\n');
}

static void print_made_text(const struct called *k, const char *place,
			    const struct node *const *found)
{
	printf("%s: %zu call%s\n", place, arrlenu(found),
	       arrlen(found) == 1 ? "" : "s");
	for (size_t i = 0; i < arrlenu(found); i++) {
		fputs("  ", stdout);
		show_call(k->painter, found[i]);
		show_place(k->painter, found[i]);
		putchar('\n');
	}
}

static void print_made(const struct called *k, const char *place)
{
	const struct node **found = made_from(k, place);

	if (k->json)
		print_made_json(k, place, found);
	else
		print_made_text(k, place, found);
	arrfree(found);
}

/* --- the command ---------------------------------------------------- */

static const char called_help[] =
"usage: kvt called --symbols TSV [OPTION]... CAPTURE FILE:LINE...\n"
"\n"
"Lists the calls that were made from lines of the kernel's source.\n"
"\n"
"  --in PATH           only below these calls; a path of the language of\n"
"                      claims, see CLAIMS in kvt(1)\n"
"  --json              a line for each place: place, calls, how many, their\n"
"                      names, and html, their tree, as `kvt html --json` prints\n"
"                      it\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   in HTML: what the links begin with\n"
"  --color WHEN        always, never or auto, as in `kvt show`\n";

struct called_options {
	const char *in;
	bool json;
};

static void take_called_option(void *data, int opt, const char *value)
{
	struct called_options *how = data;

	if (opt == 'j')
		how->json = true;
	else
		how->in = value;
}

static void list_called(struct options *o, const struct called_options *how,
			char **argument, int count)
{
	struct capture *c = capture_read(argument[0]);
	struct fragment out;
	const struct page page = { .out = &out, .base = o->base,
				   .symbols = options_symbols(o, c) };
	const struct painter painter = { .colour = o->colour,
					 .symbols = page.symbols };
	struct called k = { .page = &page, .painter = &painter,
			    .json = how->json };

	if (!capture_has(c, "sites"))
		die(KVT_USAGE, "%s does not say from where its calls were"
		    " made: it was recorded without call sites", c->file);
	k.scope = called_scope(c, how->in);
	for (int i = 1; i < count; i++)
		print_made(&k, argument[i]);
	arrfree(k.scope);
	capture_free(c);
}

int cmd_called(int argc, char **argv)
{
	static const struct option own[] = {
		{ "in", required_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_SYMBOLS | TAKE_COLOUR | TAKE_BASE, .own = own,
		.take = take_called_option, .help = called_help,
	};
	struct options o = { .open = 0 };
	struct called_options how = { .in = NULL };
	int status = options_parse(&o, &options, &how, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind < 2 || !o.symbols_file)
		die(KVT_USAGE, "called takes --symbols TSV, one capture and"
		    " one line of the source or more; see 'kvt called --help'");
	list_called(&o, &how, argv + optind, argc - optind);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
