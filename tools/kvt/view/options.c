// SPDX-License-Identifier: MIT
/* The options that the commands which read captures have in common. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/number.h"
#include "capture/capture.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "kernel/tables.h"
#include "view/html.h"
#include "view/options.h"

/* A command's own options have a value below FIRST_SHARED. */
enum shared_option {
	FIRST_SHARED = 256,
	OPTION_SYSCALL = FIRST_SHARED, OPTION_AT, OPTION_FUNCTION,
	OPTION_DEPTH, OPTION_NTH, OPTION_UNFOLD, OPTION_TRACED,
	OPTION_SYMBOLS, OPTION_GAPS, OPTION_COLOR, OPTION_OPEN, OPTION_BASE,
	OPTION_HTML, OPTION_JSON,
};

enum { MOST_OPTIONS = 48 };

static const struct {
	struct option option;
	unsigned int group;	/* whoever takes it; 0: everybody */
} shared[] = {
	{ { "syscall", required_argument, NULL, OPTION_SYSCALL }, TAKE_CALLS },
	{ { "at", required_argument, NULL, OPTION_AT }, TAKE_CALLS },
	{ { "function", required_argument, NULL, OPTION_FUNCTION },
	  TAKE_CALLS },
	{ { "depth", required_argument, NULL, OPTION_DEPTH }, TAKE_CALLS },
	{ { "nth", required_argument, NULL, OPTION_NTH }, TAKE_NTH },
	{ { "unfold", no_argument, NULL, OPTION_UNFOLD }, TAKE_UNFOLD },
	{ { "traced", no_argument, NULL, OPTION_TRACED }, TAKE_TRACED },
	{ { "symbols", required_argument, NULL, OPTION_SYMBOLS },
	  TAKE_SYMBOLS },
	{ { "gaps", no_argument, NULL, OPTION_GAPS }, TAKE_GAPS },
	{ { "color", required_argument, NULL, OPTION_COLOR }, TAKE_COLOUR },
	{ { "open", required_argument, NULL, OPTION_OPEN }, TAKE_OPEN },
	{ { "source-base", required_argument, NULL, OPTION_BASE }, TAKE_BASE },
	{ { "html", no_argument, NULL, OPTION_HTML }, TAKE_HTML },
	{ { "json", no_argument, NULL, OPTION_JSON }, TAKE_JSON },
	{ { "help", no_argument, NULL, 'h' }, 0 },
};

/* FILE:LINE, or a usage error. */
static const char *parse_place(const char *text)
{
	const char *colon = strrchr(text, ':');

	if (!colon || colon == text || !colon[1] ||
	    colon[1 + strspn(colon + 1, "0123456789")])
		die(KVT_USAGE, "--at takes FILE:LINE, not '%s'; 'kvt lines"
		    " CAPTURE' has those of a capture", text);
	return text;
}

static void take_shared_option(struct options *o, enum shared_option option,
			       const char *value)
{
	switch (option) {
	case OPTION_SYSCALL:
		o->view.syscall = value;
		break;
	case OPTION_AT:
		o->view.at = parse_place(value);
		break;
	case OPTION_FUNCTION:
		o->view.function = value;
		break;
	case OPTION_DEPTH:
		o->view.depth = parse_number("--depth", value, 0, 1000);
		break;
	case OPTION_NTH:
		o->view.nth = parse_number("--nth", value, 1, 1000000000);
		break;
	case OPTION_UNFOLD:
		o->view.unfold = true;
		break;
	case OPTION_TRACED:
		o->view.traced = true;
		break;
	case OPTION_SYMBOLS:
		o->symbols_file = value;
		break;
	case OPTION_GAPS:
		o->gaps = true;
		break;
	case OPTION_COLOR:
		o->colour = want_colour(value);
		break;
	case OPTION_OPEN:
		o->open = parse_number("--open", value, 0, 1000);
		break;
	case OPTION_BASE:
		o->base = value;
		break;
	case OPTION_HTML:
		o->html = true;
		break;
	case OPTION_JSON:
		o->json = true;
		break;
	}
}

/* The command's own options, and those of the shared ones that it takes. */
static void collect_options(const struct command_options *c,
			    struct option all[MOST_OPTIONS])
{
	int n = 0;

	memset(all, 0, MOST_OPTIONS * sizeof(*all));
	for (const struct option *own = c->own; own && own->name; own++)
		all[n++] = *own;
	for (size_t i = 0; i < sizeof(shared) / sizeof(*shared); i++)
		if (!shared[i].group || shared[i].group & c->takes)
			all[n++] = shared[i].option;
}

int options_parse(struct options *o, const struct command_options *c,
		  void *data, int argc, char **argv)
{
	struct option all[MOST_OPTIONS];
	char letters[16];
	int opt;

	collect_options(c, all);
	snprintf(letters, sizeof(letters), "h%s", c->letters ?: "");
	o->symbols_file = tables_symbols();
	o->colour = c->takes & TAKE_COLOUR && want_colour("auto");
	o->base = o->base ?: html_source_base;
	while ((opt = getopt_long(argc, argv, letters, all, NULL)) >= 0) {
		if (opt == 'h') {
			fputs(c->help, stdout);
			return KVT_OK;
		}
		if (opt == '?') {
			warn("see 'kvt %s --help'", argv[0]);
			return KVT_USAGE;
		}
		if (opt >= FIRST_SHARED)
			take_shared_option(o, opt, optarg);
		else
			c->take(data, opt, optarg);
	}
	return -1;
}

const struct symbols *options_symbols(struct options *o,
				      const struct capture *c)
{
	const char *kernel = capture_header(c, "kernel") ?: "?";

	if (!o->symbols && o->symbols_file)
		o->symbols = symbols_load(o->symbols_file);
	if (!o->symbols || symbols_are_of(o->symbols, kernel))
		return o->symbols;
	if (!o->warned)
		warn("%s is of Linux %s, but %s is of %.*s: the places of"
		     " functions are left out; `kvt index` makes the table of"
		     " that kernel", o->symbols_file, o->symbols->release,
		     c->file, (int)strcspn(kernel, " "), kernel);
	o->warned = true;
	return NULL;
}

struct gaps *options_gaps(const struct options *o)
{
	return o->gaps ? gaps_beside(o->symbols_file) : NULL;
}

void options_free(struct options *o)
{
	if (o->symbols)
		symbols_free(o->symbols);
	o->symbols = NULL;
}

bool want_colour(const char *when)
{
	if (!strcmp(when, "always"))
		return true;
	if (!strcmp(when, "never"))
		return false;
	if (strcmp(when, "auto"))
		die(KVT_USAGE, "--color takes always, never or auto, not"
		    " '%s'", when);
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}
