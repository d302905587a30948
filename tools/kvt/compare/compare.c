// SPDX-License-Identifier: MIT
/*
 * kvt compare: do two captures show the same?
 *
 * Two kernels built differently do not see the same functions: what one
 * compiler inlines, the other's tracer can see.  With a list of what each
 * could trace, this compares the functions that both could: which were
 * called, in which order, inside of what.  Even a function that both can
 * trace may be inlined by some of its callers: a static one by any, a global
 * one by those in its own file.  Where only one capture has such a call, the
 * command says so, and does not count it as a difference.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "commands.h"
#include "compare/seen.h"
#include "compare/trail.h"
#include "kernel/symbols.h"

static const char compare_help[] =
"usage: kvt compare [--seen-by TSV --seen-by TSV] [--symbols TSV] A B\n"
"\n"
"Compares two captures: the system calls with arguments and results, and which\n"
"functions they called in which order.  Exits with 0 if they are the same;\n"
"otherwise prints the first difference and exits with 1.\n"
"\n"
"  --seen-by TSV   functions.tsv of the kernel of A; a second one, of B:\n"
"                  compare only what both kernels can trace, and leave out\n"
"                  what depends on scheduling and on where memory lies\n"
"  --symbols TSV   where the functions are, to know which callers may\n"
"                  have inlined them (default: symbols.tsv beside the\n"
"                  first functions.tsv, if it is there)\n";

/* The index beside a functions.tsv, if there is one. */
static struct symbols *symbols_beside(const char *functions)
{
	const char *slash = strrchr(functions, '/');
	char *path = xasprintf("%.*ssymbols.tsv",
			       slash ? (int)(slash + 1 - functions) : 0,
			       functions);
	struct symbols *s = access(path, R_OK) ? NULL : symbols_load(path);

	free(path);
	return s;
}

struct compare_options {
	const char *seen_by[2];
	const char *symbols;
	int kernels;		/* number of the above */
};

/* Reads the options; returns the status to exit with, or -1 to go on. */
static int read_compare_options(struct compare_options *o, int argc,
				char **argv)
{
	static const struct option options[] = {
		{ "seen-by", required_argument, NULL, 's' },
		{ "symbols", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (opt == 's' && o->kernels < 2) {
			o->seen_by[o->kernels++] = optarg;
		} else if (opt == 'S') {
			o->symbols = optarg;
		} else {
			fputs(opt == 'h' ? compare_help : "", stdout);
			return opt == 'h' ? KVT_OK : KVT_USAGE;
		}
	}
	if (optind != argc - 2 || o->kernels == 1)
		die(KVT_USAGE, "compare takes two captures, and --seen-by"
		    " twice or not at all; see 'kvt compare --help'");
	return -1;
}

static void load_ground(struct common_ground *g,
			const struct compare_options *o)
{
	for (int i = 0; i < o->kernels; i++)
		seen_load(&g->seen[i], o->seen_by[i]);
	if (o->kernels)
		g->symbols = o->symbols ? symbols_load(o->symbols) :
					  symbols_beside(o->seen_by[0]);
}

/* An index of another kernel does not tell which file a function of C is in. */
static void check_index(struct common_ground *g, const struct capture *c,
			const char *named)
{
	const char *kernel = capture_header(c, "kernel") ?: "?";

	if (!g->symbols || symbols_are_of(g->symbols, kernel))
		return;
	if (named)
		warn("%s is of Linux %s, but %s is of %.*s: compared without"
		     " it", named, g->symbols->release, c->file,
		     (int)strcspn(kernel, " "), kernel);
	g->symbols = NULL;
}

static void read_trail(struct trail *t, struct capture *c,
		       const struct common_ground *g)
{
	tree_flatten(c);	/* the compiler decides what it inlines */
	for (unsigned int i = 0; i < c->threads; i++)
		trail_add(t, &c->thread[i].root, g);
}

static void print_step(const char *file, const struct trail *t)
{
	const struct footprint *f = trail_now(t);

	if (f)
		printf("%s:%u: %s%s\n", file, f->node->line,
		       f->begins ? "" : "the end of ",
		       f->begins ? f->text : f->name);
	else
		printf("%s: ends\n", file);
}

static void print_same(unsigned long same, const struct trail_name *names)
{
	const char *before = "; inlined somewhere on one side:";

	printf("same: %lu calls, system calls and events", same);
	for (; names; names = names->hh.next, before = ",")
		printf("%s %s", before, names->name);
	putchar('\n');
}

int cmd_compare(int argc, char **argv)
{
	struct compare_options o = { .kernels = 0 };
	struct common_ground ground = { .symbols = NULL };
	struct trail trail[2] = { { .at = 0 }, { .at = 0 } };
	struct trail_name *names = NULL;
	struct capture *c[2];
	unsigned long same;
	bool match;
	int status = read_compare_options(&o, argc, argv);

	if (status >= 0)
		return status;
	load_ground(&ground, &o);
	for (int i = 0; i < 2; i++) {
		c[i] = capture_read(argv[optind + i]);
		check_index(&ground, c[i], o.symbols);
	}
	for (int i = 0; i < 2; i++)
		read_trail(&trail[i], c[i], &ground);
	match = trails_match(&trail[0], &trail[1], &names, &same);
	if (match)
		print_same(same, names);
	else
		printf("different, after %lu that are the same:\n", same);
	for (int i = 0; i < 2 && !match; i++)
		print_step(c[i]->file, &trail[i]);
	trail_names_free(&names);
	for (int i = 0; i < 2; i++) {
		trail_free(&trail[i]);
		capture_free(c[i]);
	}
	return match ? KVT_OK : KVT_DIFFERENT;
}
