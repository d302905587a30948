// SPDX-License-Identifier: MIT
/*
 * kvt diff: what one capture has that another has not.
 *
 * The calls of both are aligned, level by level, and merged into one tree,
 * whose nodes say what became of them.  Rows of repeated calls are aligned as
 * rows: "× 512 | × 3".
 *
 *   selected.c     what the options select of each capture
 *   unit.c         rows of siblings: calls, and groups that repeat
 *   align.c        which units of A go with which of B
 *   merge.c        one tree of both, merged.c its nodes
 *   moves.c        what moved
 *   diff_print.c   walks the merged tree, diff_text.c and diff_html.c write it
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/number.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "compare/diff_format.h"
#include "compare/diff_print.h"
#include "compare/merge.h"
#include "compare/moves.h"
#include "compare/selected.h"
#include "view/html.h"
#include "view/options.h"
#include "view/show.h"

struct diff_options {
	struct options shared;
	long nth_b;		/* 0: the view's, for both */
	const char *name[2];	/* of the sides */
	bool args, breaks;
};

/* --- threads -------------------------------------------------------- */

/* Merges a thread of A with one of B; NULL: that one has no such thread. */
static void merge_thread(struct diff *d, const struct selected_thread *a,
			 const struct selected_thread *b)
{
	static const struct node nothing;
	const struct node *x = a ? &a->root : &nothing;
	const struct node *y = b ? &b->root : &nothing;
	struct merged_thread *m;

	/* A root must not move, because its children point to it. */
	m = &d->thread[arrlenu(d->thread)];
	*m = (struct merged_thread){
		.name = a ? a->name : b->name, .root = { .mark = BOTH },
	};
	arrsetlen(d->thread, arrlen(d->thread) + 1);
	merge_trees(&m->root, x, y, d->args);
	mark_moves(&m->root, x, y);
}

static const struct selected_thread *
selected_numbered(const struct selected_thread *all, unsigned long number)
{
	size_t i = lower_bound(all, arrlenu(all), number, number);

	return i < arrlenu(all) && all[i].number == number ? &all[i] : NULL;
}

/* Pairs threads with the same number; those that only B has come last. */
static void merge_threads(struct diff *d, struct selected_thread *a,
			  struct selected_thread *b)
{
	arrsetcap(d->thread, arrlen(a) + arrlen(b) + 1);
	for (size_t i = 0; i < arrlenu(a); i++)
		merge_thread(d, &a[i], selected_numbered(b, a[i].number));
	for (size_t i = 0; i < arrlenu(b); i++)
		if (!selected_numbered(a, b[i].number))
			merge_thread(d, NULL, &b[i]);
	for (size_t i = 0; i < arrlenu(a); i++)
		d->compared += tree_count(&a[i].root);
}

/* --- the command ---------------------------------------------------- */

static const char diff_help[] =
"usage: kvt diff [OPTION]... A B\n"
"\n"
"Prints as a tree what two captures show differently: what only A has (-),\n"
"what only B has (+), and what moved, repeats another number of times, or\n"
"fails in only one of them (~).  Two calls are the same if their names are and\n"
"both fail alike or both succeed; two system calls, if their requests and\n"
"results are the same, too.  Of calls that are the same, only their number is\n"
"printed.  Exits with 0 if there is no difference, with 1 if there is one.\n"
"\n"
"  --args            compare arguments and results, too, except the numbers\n"
"                    of objects and descriptors\n"
"  --syscall NAME    only this system call, or this ioctl (KVM_CREATE_VM)\n"
"  --at FILE:LINE    only the system calls made there, as in `kvt show`\n"
"  --function NAME   only the calls of this function, and what they call\n"
"  --nth N           only the Nth of those, in A and in B\n"
"  --nth-b N         take the Nth in B, and that of --nth in A: with the same\n"
"                    capture as A and B, this compares two of its calls\n"
"  --depth N         N levels below each; 0, the default: all\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --color WHEN      always, never, or auto: on a terminal, unless\n"
"                    NO_COLOR is set\n"
"  --name-a NAME     what to call the first and the second capture\n"
"  --name-b NAME     (default: A and B)\n"
"  --html            print an HTML fragment; needs --symbols\n"
"  --json            with --html: print an object whose html is the fragment\n"
"                    as an array, as `kvt html --json` does\n"
"  --wbr             in HTML: let a long line break after a call's opening\n"
"                    bracket\n"
"  --open N          in HTML: unfold so many levels of what only one capture\n"
"                    has (default: 1)\n"
"  --source-base URL in HTML: what the links begin with\n";

static void set_option(void *data, int opt, const char *value)
{
	struct diff_options *o = data;

	switch (opt) {
	case 'a':
		o->args = true;
		break;
	case 'n':
		o->nth_b = parse_number("--nth-b", value, 1, 1000000000);
		break;
	case 'w':
		o->breaks = true;
		break;
	case 'A':
	case 'B':
		o->name[opt - 'A'] = value;
		break;
	}
}

static struct selected_thread *select_side(struct capture *c,
					   const struct diff_options *o,
					   bool is_b)
{
	struct view view = o->shared.view;

	if (is_b && o->nth_b)
		view.nth = o->nth_b;
	tree_flatten(c);	/* the compiler decides what it inlines */
	return select_calls(c, &view, o->args ? FOLD_ARGS : 0);
}

static void free_threads(struct merged_thread *thread)
{
	for (size_t i = 0; i < arrlenu(thread); i++)
		merged_free(&thread[i].root);
	arrfree(thread);
}

/* Leaves out the places of functions if one side is of another kernel than the
 * index: a line of the tree may be of both. */
static void choose_symbols(struct diff *d, struct diff_options *o)
{
	if (options_symbols(&o->shared, d->c[0]) &&
	    options_symbols(&o->shared, d->c[1]))
		d->text.symbols = d->page.symbols = o->shared.symbols;
}

static int diff(struct diff *d, struct diff_options *o, char **file)
{
	const struct view *view = &o->shared.view;
	struct capture *c[2];
	struct selected_thread *side[2];
	bool different;

	for (int i = 0; i < 2; i++) {
		d->c[i] = c[i] = capture_read(file[i]);
		side[i] = select_side(c[i], o, i);
	}
	choose_symbols(d, o);
	if (!tree_shows_all(view) && !side[0] && !side[1])
		die(KVT_USAGE, "neither %s nor %s has a call that fits%s",
		    file[0], file[1], tree_asked(view));
	merge_threads(d, side[0], side[1]);
	different = diff_count(d);
	if (o->shared.json)
		fragment_collect(&d->fragment);
	else
		fragment_print(&d->fragment, stdout);
	diff_print(d, o->shared.html ? &diff_html : &diff_text);
	fragment_print_parts(&d->fragment);
	free_threads(d->thread);
	for (int i = 0; i < 2; i++) {
		selected_free(side[i]);
		capture_free(c[i]);
	}
	return different ? KVT_DIFFERENT : KVT_OK;
}

static void check_diff_options(const struct diff_options *o, int files)
{
	if (files != 2)
		die(KVT_USAGE, "diff takes two captures; see"
		    " 'kvt diff --help'");
	if (o->shared.html && !o->shared.symbols_file)
		die(KVT_USAGE, "diff --html needs --symbols TSV; see"
		    " 'kvt diff --help'");
	if (o->shared.json && !o->shared.html)
		die(KVT_USAGE, "diff --json is a form of --html; see"
		    " 'kvt diff --help'");
}

int cmd_diff(int argc, char **argv)
{
	static const struct option own[] = {
		{ "args", no_argument, NULL, 'a' },
		{ "nth-b", required_argument, NULL, 'n' },
		{ "wbr", no_argument, NULL, 'w' },
		{ "name-a", required_argument, NULL, 'A' },
		{ "name-b", required_argument, NULL, 'B' },
		{ }
	};
	static const struct command_options options = {
		TAKE_CALLS | TAKE_NTH | TAKE_SYMBOLS | TAKE_COLOUR |
		TAKE_OPEN | TAKE_BASE | TAKE_HTML | TAKE_JSON, own, NULL, set_option, diff_help,
	};
	struct diff_options o = { .shared.open = 1, .name = { "A", "B" } };
	int status = options_parse(&o.shared, &options, &o, argc, argv);
	struct diff d = {
		.args = o.args, .depth = o.shared.view.depth,
		.name = { o.name[0], o.name[1] },
		.text.colour = o.shared.colour,
		.page = { .breaks = o.breaks, .base = o.shared.base,
			  .open = o.shared.open },
	};

	if (status >= 0)
		return status;
	check_diff_options(&o, argc - optind);
	d.page.out = &d.fragment;
	status = diff(&d, &o, argv + optind);
	options_free(&o.shared);
	close_file(stdout, "standard output");
	return status;
}
