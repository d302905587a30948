/* SPDX-License-Identifier: MIT */
/*
 * What the commands that read captures have in common on the command line.
 *
 * options_parse() prints help and complaints itself; it dies with KVT_USAGE
 * where an option's value is wrong.  Strings are those of argv.
 */
#ifndef KVT_OPTIONS_H
#define KVT_OPTIONS_H

#include <stdbool.h>

#include "capture/walk.h"
#include "kernel/symbols.h"

struct gaps;
struct symbols;

/* Which of the shared options a command takes. */
enum {
	TAKE_CALLS = 1,		/* --syscall, --at, --function, --depth */
	TAKE_NTH = 2,		/* --nth */
	TAKE_UNFOLD = 4,	/* --unfold */
	TAKE_VIEW = TAKE_CALLS | TAKE_NTH | TAKE_UNFOLD,
	TAKE_SYMBOLS = 8,	/* --symbols */
	TAKE_COLOUR = 16,	/* --color */
	TAKE_OPEN = 32,		/* --open */
	TAKE_BASE = 64,		/* --source-base */
	TAKE_GAPS = 128,	/* --gaps */
	TAKE_TRACED = 256,	/* --traced */
	TAKE_HTML = 512,	/* --html */
	TAKE_JSON = 1024,	/* --json */
};

/* What they said.  What is set before parsing is the default. */
struct options {
	struct view view;
	const char *symbols_file;	/* NULL: neither said nor found */
	struct symbols *symbols;	/* by options_symbols() */
	bool warned;		/* that it is of another kernel */
	bool gaps;
	bool colour;
	bool html, json;
	const char *base;	/* of links to the source; ends in a slash */
	long open;		/* levels that are unfolded at first */
};

struct option;

struct command_options {
	unsigned int takes;
	const struct option *own;	/* the command's, ends in {}; or NULL */
	const char *letters;	/* the short ones among them, for getopt() */
	/* Takes an option of its own; VALUE is NULL where it has none. */
	void (*take)(void *data, int opt, const char *value);
	const char *help;
};

/*
 * Takes all options; optind is then the first argument.  Below 0: go on;
 * else the exit code: help was asked for, or an option is wrong.
 */
int options_parse(struct options *o, const struct command_options *c,
		  void *data, int argc, char **argv);
/* The index, or NULL when there is none or when it is of another kernel than C,
 * which a warning then says once; options_free() frees it. */
const struct symbols *options_symbols(struct options *o,
				      const struct capture *c);
/* The gaps if they were asked for, or NULL; to be freed. */
struct gaps *options_gaps(const struct options *o);
void options_free(struct options *o);
/* What --color says; dies if it says nothing. */
bool want_colour(const char *when);

#endif
