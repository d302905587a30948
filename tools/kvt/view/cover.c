// SPDX-License-Identifier: MIT
/* kvt cover: how much of KVM do captures reach? */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "commands.h"
#include "view/cover_count.h"
#include "view/cover_print.h"
#include "view/options.h"

static const char cover_help[] =
"usage: kvt cover --symbols TSV [OPTION]... CAPTURE...\n"
"\n"
"Prints which functions of KVM the captures reach, a line a source file: of\n"
"those that the kernel can trace, and of all in the source.  A function\n"
"belongs to the file that the index has first for its name.\n"
"\n"
"  --functions         list each file's functions, and who reaches them\n"
"  --json              everything, as JSON\n"
"  --html              everything, as an HTML fragment, for the book; with\n"
"                      --json, an array of its sections: id, title, html\n"
"  --path TEXT         only files that have TEXT in their path\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --facts DIR         has functions.tsv and untraced.tsv of the kernel, as\n"
"                      `kvt facts` writes them (default: beside the index)\n"
"  --beside TSV        also print these figures: who, kernel, reached,\n"
"                      traceable, how it was measured; below a heading\n"
"  --source-base URL   what links to the source begin with\n"
"  --pages             link each program to its page, PROGRAM.html\n"
"\n"
"`× 3` is how often a program calls a function, in the capture of it that\n"
"has most.  Exit codes: 0 done; 2 usage; 3 a capture is truncated or\n"
"altered; 5 failure.\n";

struct cover_options {
	const char *facts, *beside, *path;
	bool functions, pages;
};

static void take_cover_option(void *data, int opt, const char *value)
{
	struct cover_options *o = data;

	switch (opt) {
	case 'f':
		o->functions = true;
		break;
	case 'P':
		o->pages = true;
		break;
	case 'p':
		o->path = value;
		break;
	case 'd':
		o->facts = value;
		break;
	case 'B':
		o->beside = value;
		break;
	}
}

/* Returns the path of a kernel's table: in --facts, or next to the index. */
static char *kernel_table(const struct cover_options *o, const char *symbols,
			  const char *name)
{
	const char *slash = strrchr(symbols, '/');

	if (o->facts)
		return xasprintf("%s/%s", o->facts, name);
	return xasprintf("%.*s%s", slash ? (int)(slash - symbols) + 1 : 0,
			 symbols, name);
}

static void print_cover(const struct cover *c, const struct options *shared,
			const struct cover_options *o)
{
	struct cover_page page = { .base = shared->base, .pages = o->pages,
				   .sections = shared->json };

	if (shared->html)
		cover_html(c, &page);
	else if (shared->json)
		cover_json(c);
	else
		cover_text(c, o->functions);
}

static void cover(const struct options *shared, const struct cover_options *o,
		  char **capture, size_t captures)
{
	char *functions = kernel_table(o, shared->symbols_file,
				       "functions.tsv");
	char *untraced = kernel_table(o, shared->symbols_file, "untraced.tsv");
	const struct cover_input in = {
		.symbols = shared->symbols_file, .functions = functions,
		.untraced = untraced, .beside = o->beside, .path = o->path,
		.capture = capture, .captures = captures,
	};
	struct cover c;

	cover_count(&c, &in);
	print_cover(&c, shared, o);
	cover_free(&c);
	free(functions);
	free(untraced);
}

int cmd_cover(int argc, char **argv)
{
	static const struct option own[] = {
		{ "functions", no_argument, NULL, 'f' },
		{ "path", required_argument, NULL, 'p' },
		{ "facts", required_argument, NULL, 'd' },
		{ "beside", required_argument, NULL, 'B' },
		{ "pages", no_argument, NULL, 'P' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_SYMBOLS | TAKE_BASE | TAKE_HTML | TAKE_JSON,
		.own = own, .take = take_cover_option, .help = cover_help,
	};
	struct options shared = { .open = 0 };
	struct cover_options o = { .facts = NULL };
	int status = options_parse(&shared, &options, &o, argc, argv);

	if (status >= 0)
		return status;
	if (optind == argc || !shared.symbols_file)
		die(KVT_USAGE, "cover takes --symbols TSV and one capture or"
		    " more; see 'kvt cover --help'");
	if (o.beside && o.path)
		die(KVT_USAGE, "the figures of --beside are of all of KVM;"
		    " leave out --path");
	cover(&shared, &o, argv + optind, argc - optind);
	close_file(stdout, "standard output");
	return KVT_OK;
}
