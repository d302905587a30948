// SPDX-License-Identifier: MIT
/*
 * kvt walk: goes from call to call of a capture, in the order of time.
 *
 * Each step is a path of the language of claims, and means the first such
 * call that begins after the step before it.
 */
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "compare/claim_find.h"
#include "compare/claim_parse.h"
#include "compare/claim_why.h"
#include "view/html.h"
#include "view/identity.h"
#include "view/options.h"
#include "view/show.h"

struct walked {
	const struct capture *capture;
	const struct identities *identities;
	const struct page *page;
	const struct painter *painter;
	bool json;
	const struct node *latest;	/* the step before, or NULL */
	int number;			/* of the step, from 1 */
};

/* --- finding -------------------------------------------------------- */

/* Does a claim say no more than that a call is there? */
static bool is_bare_path(const struct claim *c)
{
	const struct claim_fact *f = c->fact;

	return c->facts == 1 && f->kind == CLAIM_COUNT && f->low == 1 &&
	       f->high == ULONG_MAX;
}

/* A path of one name may mean the call itself that "in" names. */
static bool is_scope_itself(const struct claim *c, const struct node *scope)
{
	const struct claim_path *path = &c->fact->path[0];
	const struct claim_step *step = &path->step[0];

	return path->steps == 1 && !step->first && !step->only_last &&
	       claim_names(step, scope) && claim_takes(step, scope) &&
	       (!step->result || claim_returns(step->result, scope));
}

static const struct node **found_in(const struct walked *w,
				    const struct claim *c,
				    const struct node *scope)
{
	const struct claim_context in = { w->capture, scope };
	const struct node **found;

	found = claim_find(&in, &c->fact->path[0], c->fact->path[0].steps);
	if (scope && is_scope_itself(c, scope))
		arrins(found, 0, scope);
	return found;
}

/* Only within a thread does a capture know which of two calls is first. */
static const struct node *first_after(const struct walked *w,
				      const struct node *const *found)
{
	for (size_t i = 0; i < arrlenu(found); i++)
		if (!w->latest || (found[i]->line > w->latest->line &&
				   node_root(found[i]) == node_root(w->latest)))
			return found[i];
	return NULL;
}

static void put_step_order(const struct walked *w, const struct node *found)
{
	const struct node *last = w->latest;

	if (node_root(found) != node_root(last)) {
		printf("  it is in another thread than step %d, and a capture"
		       " has no order between two\n", w->number - 1);
		return;
	}
	printf("  it is in line %u, and step %d, %s, is in line %u: a walk"
	       " goes on in the order of time\n", found->line, w->number - 1,
	       last->name, last->line);
}

/* There is no such step: says why. */
static void why_no_walk(const struct walked *w, const struct claim *c,
			const struct node *const *scope,
			const struct node *found)
{
	const struct claim_context all = { w->capture, NULL };
	const struct claim_context in = { w->capture, scope ? scope[0] : NULL };

	printf("step %d: %s\n", w->number, c->text);
	if (found)
		put_step_order(w, found);
	else if (c->scope.steps && !scope)
		claim_why_no_scope(stdout, &all, c);
	else
		claim_why(stdout, &in, c, c->fact);
}

/* The call that a step means; NULL if there is none, which was then said. */
static const struct node *step_meant(const struct walked *w,
				     const struct claim *c)
{
	const struct claim_context all = { w->capture, NULL };
	const struct node **scope = claim_find(&all, &c->scope,
					       c->scope.steps);
	const struct node *meant = NULL, *other = NULL;
	size_t i = 0;

	while (!meant && (i < arrlenu(scope) || !c->scope.steps)) {
		const struct node **found;

		found = found_in(w, c, scope ? scope[i] : NULL);
		meant = first_after(w, found);
		if (found && !other)
			other = found[0];
		arrfree(found);
		if (!scope || ++i == arrlenu(scope))
			break;
	}
	if (!meant)
		why_no_walk(w, c, scope, other);
	arrfree(scope);
	return meant;
}

/* --- printing ------------------------------------------------------- */

static void add_way_name(struct json_object *way, const struct node *n)
{
	size_t length;
	const char *name;

	if (n->parent && n->parent->name)
		add_way_name(way, n->parent);
	if (n->kind == NODE_UNSEEN)
		return;
	name = identity_name(n, &length);
	json_object_array_add(way, json_text_part(name, length));
}

/* The names of the calls that N is below, the system call first. */
static struct json_object *way_to_step(const struct node *n)
{
	struct json_object *way = json_object_new_array();

	if (n->parent && n->parent->name)
		add_way_name(way, n->parent);
	return way;
}

static const char *line_of_program(const struct node *n)
{
	while (n->parent && n->parent->name)
		n = n->parent;
	return n->kind == NODE_SYSCALL ? n->place : NULL;
}

static void print_step_json(const struct walked *w, const struct node *n)
{
	struct json_object *object = json_object_new_object();
	char *link = identity_link(w->identities, w->capture, tree_shown(n));
	size_t length;
	const char *name = identity_name(n, &length);

	json_add(object, "name", json_text_part(name, length));
	json_add_text(object, "at", line_of_program(n));
	json_add(object, "way", way_to_step(n));
	json_add_text(object, "link", link);
	json_add_number(object, "line", n->line);
	fragment_collect(w->page->out);
	html_call(w->page, n);
	html_place(w->page, n);
	json_add(object, "html", fragment_end(w->page->out));
	json_print(stdout, object, JSON_LINE);
	putchar('\n');
	free(link);
}

static void print_step_text(const struct walked *w, const struct node *n)
{
	printf("%2d  ", w->number);
	show_call(w->painter, n);
	show_place(w->painter, n);
	putchar('\n');
}

/* Goes all steps; false if one is not there. */
static bool walk_claims(struct walked *w, struct claim **steps)
{
	for (size_t i = 0; i < arrlenu(steps); i++) {
		const struct node *n;

		w->number = i + 1;
		n = step_meant(w, steps[i]);
		if (!n)
			return false;
		if (w->json)
			print_step_json(w, n);
		else
			print_step_text(w, n);
		w->latest = n;
	}
	return true;
}

/* --- the command ---------------------------------------------------- */

static const char walk_help[] =
"usage: kvt walk --symbols TSV [OPTION]... CAPTURE STEP...\n"
"\n"
"Goes from call to call, in the order of time.  A step is a path of the\n"
"language of claims, and means the first such call after the step before it.\n"
"If it is not there, says what is, and exits with 1.\n"
"\n"
"  KVM_CREATE_VCPU#1                     a system call\n"
"  'in KVM_CREATE_VCPU#1: kvm_share_hyp' the first one below that, or the\n"
"                                        call itself\n"
"\n"
"CLAIMS in kvt(1) has the language of paths.\n"
"\n"
"  --json              a line for each step: its name, the line of the program,\n"
"                      the way there, its link on a page of the book, and html,\n"
"                      as `kvt html --json` prints it\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   in HTML: what the links begin with\n"
"  --color WHEN        always, never or auto, as in `kvt show`\n";

static void take_walk_option(void *json, int opt, const char *value)
{
	(void)opt;
	(void)value;
	*(bool *)json = true;
}

static struct claim **parse_steps(char **text, int count)
{
	struct claim **steps = NULL;

	for (int i = 0; i < count; i++) {
		arrput(steps, claim_parse(text[i]));
		if (!is_bare_path(steps[i]))
			die(KVT_USAGE, "a step is the path of a call, and no"
			    " more: %s", text[i]);
	}
	return steps;
}

static int walk_capture(struct options *o, bool json, const char *file,
			struct claim **steps)
{
	struct capture *c = capture_read(file);
	struct identities *identities = identities_of(c);
	struct fragment out;
	const struct page page = { .out = &out, .base = o->base,
				   .symbols = options_symbols(o, c) };
	const struct painter painter = { .colour = o->colour,
					 .symbols = page.symbols };
	struct walked w = { .capture = c, .identities = identities,
			    .page = &page, .painter = &painter, .json = json };
	const struct view whole = { .optional = true };
	bool good;

	/* A link leads into the whole tree, as a page folds it. */
	view_prepare(c, &whole);
	good = walk_claims(&w, steps);
	identities_free(identities);
	capture_free(c);
	return good ? KVT_OK : KVT_DIFFERENT;
}

int cmd_walk(int argc, char **argv)
{
	static const struct option own[] = {
		{ "json", no_argument, NULL, 'j' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_SYMBOLS | TAKE_COLOUR | TAKE_BASE, .own = own,
		.take = take_walk_option, .help = walk_help,
	};
	struct options o = { .open = 0 };
	bool json = false;
	int status = options_parse(&o, &options, &json, argc, argv);
	struct claim **steps;

	if (status >= 0)
		return status;
	if (argc - optind < 2 || !o.symbols_file)
		die(KVT_USAGE, "walk takes --symbols TSV, one capture and one"
		    " step or more, in quotes; see 'kvt walk --help'");
	steps = parse_steps(argv + optind + 1, argc - optind - 1);
	status = walk_capture(&o, json, argv[optind], steps);
	for (size_t i = 0; i < arrlenu(steps); i++)
		claim_free(steps[i]);
	arrfree(steps);
	options_free(&o);
	close_file(stdout, "standard output");
	return status;
}
