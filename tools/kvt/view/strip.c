// SPDX-License-Identifier: MIT
/*
 * kvt strip: a capture in one line, of what the program, KVM and the guest did
 * in turns.
 */
#include <getopt.h>
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
#include "commands.h"
#include "view/identity.h"
#include "view/moments.h"
#include "view/options.h"
#include "view/strip_steps.h"
#include "view/strip_svg.h"

/* --- text ------------------------------------------------------------ */

static void print_round(const struct strip *s, const struct strip_round *r)
{
	if (r->times > 1 && !r->place)
		printf("%u times%s:\n", r->times,
		       r->group > 1 ? ", all with a bar" : ", with a bar");
	for (size_t i = r->first; i < r->first + r->count; i++) {
		const struct strip_step *step = &s->step[i];

		if (*step->label)
			printf("%s %-8s%*s%s\n", r->times > 1 ? "|" : " ",
			       strip_lane_words[step->lane], 4 * step->lane, "",
			       step->label);
	}
}

static void print_strip(const struct strip *s)
{
	const struct thread *thread = NULL;

	for (size_t i = 0; i < arrlenu(s->round); i++) {
		const struct thread *t = s->step[s->round[i].first].thread;

		if (s->c->threads > 1 && t != thread)
			printf("thread %s\n", t->name);
		thread = t;
		print_round(s, &s->round[i]);
	}
}

/* --- JSON ------------------------------------------------------------ */

static struct json_object *step_object(const struct strip *s,
				       const struct identities *all,
				       const struct strip_step *step)
{
	struct json_object *o = json_object_new_object();
	char *text = strip_step_text(step);
	char *anchor = identity_link(all, s->c, step->row);

	json_add_text(o, "lane", strip_lane_words[step->lane]);
	json_add_text(o, "label", step->label);
	json_add_text(o, "kind", step->kind);
	json_add_text(o, "text", text);
	json_add_text(o, "thread", step->thread->name);
	json_add_number(o, "line", step->began->line);
	json_add_text(o, "row", anchor);
	free(text);
	free(anchor);
	return o;
}

static struct json_object *round_object(const struct strip *s,
					const struct identities *all,
					const struct strip_round *r)
{
	struct json_object *o = json_object_new_object();
	struct json_object *steps = json_object_new_array();

	json_add_number(o, "times", r->times);
	json_add_number(o, "group", r->group);
	json_add_number(o, "place", r->place);
	if (r->turn)
		json_add_number(o, "turn", r->turn);
	for (size_t i = r->first; i < r->first + r->count; i++)
		json_object_array_add(steps,
				      step_object(s, all, &s->step[i]));
	json_add(o, "steps", steps);
	return o;
}

static void print_strip_object(const struct strip *s,
			       const struct identities *all)
{
	struct json_object *o = json_object_new_object();
	struct json_object *rounds = json_object_new_array();

	json_add_number(o, "entries", s->entries);
	for (size_t i = 0; i < arrlenu(s->round); i++)
		json_object_array_add(rounds,
				      round_object(s, all, &s->round[i]));
	json_add(o, "rounds", rounds);
	json_print(stdout, o, JSON_TREE);
	putchar('\n');
}

/* --- the command ----------------------------------------------------- */

static const char strip_help[] =
"usage: kvt strip [OPTION]... CAPTURE [TURNS]\n"
"\n"
"Prints a capture in short, a line for each stretch in which the program, KVM\n"
"or the guest acts, in their order: the call that the program makes, where the\n"
"guest is entered, why it is left, and why the program gets control back.\n"
"What repeats is there once.  With TURNS, which `kvt turns` makes, threads act\n"
"in the order of time.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth\n"
"                      as in `kvt show`; links lead to rows of that tree\n"
"  --turns FIRST-LAST  only these turns\n"
"  --json              an object: entries, how often the guest was entered, and\n"
"                      rounds, each with its steps\n"
"  --html              lists of SVGs for the book\n"
"  --page PAGE         with --html: steps are links to rows of this page; an\n"
"                      empty PAGE is the one that the strip is on\n";

struct strip_options {
	bool html, json;
	const char *page, *turns;
};

static void take_strip_option(void *data, int opt, const char *value)
{
	struct strip_options *o = data;

	switch (opt) {
	case 'H':
		o->html = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'p':
		o->page = value;
		break;
	case 't':
		o->turns = value;
		break;
	}
}

static void write_strip(const struct strip *s, const struct strip_options *o)
{
	struct identities *all = identities_of(s->c);
	struct strip_page page = {
		.strip = s, .identities = all, .page = o->page,
	};
	struct markup m = { .out = stdout };

	if (o->json) {
		print_strip_object(s, all);
	} else if (o->html) {
		strip_write_svg(&m, &page);
		markup_end(&m);
	} else {
		print_strip(s);
	}
	identities_free(all);
}

int cmd_strip(int argc, char **argv)
{
	static const struct option own[] = {
		{ "html", no_argument, NULL, 'H' },
		{ "json", no_argument, NULL, 'j' },
		{ "page", required_argument, NULL, 'p' },
		{ "turns", required_argument, NULL, 't' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_CALLS | TAKE_NTH,
		.own = own, .take = take_strip_option, .help = strip_help,
	};
	struct options shared = { .open = 0 };
	struct strip_options o = { .html = false };
	struct strip_view view = { .turns = NULL };
	struct capture *c;
	struct strip s;
	int status = options_parse(&shared, &options, &o, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind < 1 || argc - optind > 2)
		die(KVT_USAGE, "strip takes a capture, and its turns; see"
		    " 'kvt strip --help'");
	view.view = shared.view;
	view.turns = argv[optind + 1];
	if (o.turns && !view.turns)
		die(KVT_USAGE, "--turns chooses among those of a file; see"
		    " 'kvt strip --help'");
	moments_parse_turns(o.turns, &view.first, &view.last);
	c = capture_read(argv[optind]);
	s = strip_of(c, &view);
	write_strip(&s, &o);
	strip_free(&s);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
