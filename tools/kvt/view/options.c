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
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "view/html.h"
#include "view/options.h"

enum { SHARED = 256, MOST = 48 };

/* All of them; a command's own have a VAL below SHARED. */
static const struct {
	const char *name;
	int has_arg;
	int val;
	unsigned int group;
} shared[] = {
	{ "syscall", required_argument, SHARED, TAKE_CALLS },
	{ "function", required_argument, SHARED + 1, TAKE_CALLS },
	{ "depth", required_argument, SHARED + 2, TAKE_CALLS },
	{ "nth", required_argument, SHARED + 3, TAKE_NTH },
	{ "unfold", no_argument, SHARED + 4, TAKE_UNFOLD },
	{ "symbols", required_argument, SHARED + 5, TAKE_SYMBOLS },
	{ "color", required_argument, SHARED + 6, TAKE_COLOUR },
	{ "open", required_argument, SHARED + 7, TAKE_OPEN },
	{ "source-base", required_argument, SHARED + 8, TAKE_BASE },
	{ "at", required_argument, SHARED + 9, TAKE_CALLS },
	{ "gaps", no_argument, SHARED + 10, TAKE_GAPS },
	{ "traced", no_argument, SHARED + 11, TAKE_TRACED },
	{ "help", no_argument, 'h', 0 },
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

static void take(struct options *o, int opt, const char *value)
{
	switch (opt - SHARED) {
	case 0:
		o->view.syscall = value;
		break;
	case 1:
		o->view.function = value;
		break;
	case 2:
		o->view.depth = parse_number("--depth", value, 0, 1000);
		break;
	case 3:
		o->view.nth = parse_number("--nth", value, 1, 1000000000);
		break;
	case 4:
		o->view.unfold = true;
		break;
	case 5:
		o->symbols_file = value;
		break;
	case 6:
		o->colour = want_colour(value);
		break;
	case 7:
		o->open = parse_number("--open", value, 0, 1000);
		break;
	case 8:
		o->base = value;
		break;
	case 9:
		o->view.at = parse_place(value);
		break;
	case 10:
		o->gaps = true;
		break;
	case 11:
		o->view.traced = true;
		break;
	}
}

/* The command's own, and those of the shared ones that it takes. */
static void put_together(const struct command_options *c,
			 struct option all[MOST])
{
	int n = 0;

	memset(all, 0, MOST * sizeof(*all));
	for (const struct option *own = c->own; own && own->name; own++)
		all[n++] = *own;
	for (size_t i = 0; i < sizeof(shared) / sizeof(*shared); i++)
		if (!shared[i].group || shared[i].group & c->takes)
			all[n++] = (struct option){ shared[i].name,
				shared[i].has_arg, NULL, shared[i].val };
}

int options_parse(struct options *o, const struct command_options *c,
		  void *data, int argc, char **argv)
{
	struct option all[MOST];
	char letters[16];
	int opt;

	put_together(c, all);
	snprintf(letters, sizeof(letters), "h%s", c->letters ?: "");
	o->symbols_file = getenv("KVT_SYMBOLS");
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
		if (opt >= SHARED)
			take(o, opt, optarg);
		else
			c->take(data, opt, optarg);
	}
	return -1;
}

const struct symbols *options_symbols(struct options *o)
{
	if (!o->symbols && o->symbols_file)
		o->symbols = symbols_load(o->symbols_file);
	return o->symbols;
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
