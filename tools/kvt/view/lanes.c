// SPDX-License-Identifier: MIT
/*
 * kvt lanes: who acts when, in three lanes: the program, KVM in the kernel,
 * and the guest.  The tracepoint kvm_entry announces that KVM enters the
 * guest.  No capture records where in the source the guest runs; gaps.tsv
 * knows.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "view/fragment.h"
#include "view/html.h"
#include "view/identity.h"
#include "view/options.h"
#include "view/table_call.h"

enum lane { PROGRAM, KERNEL, GUEST };
static const char *const lane_names[] = { "program", "kernel", "guest" };
static const char *const lane_words[] = { "program", "KVM", "guest" };

struct lanes {
	struct table_page page;
	struct fragment out;
	struct gaps *gaps;
	struct identities *identities;	/* NULL where nothing links to rows */
	bool html, json;
	char *list;		/* the names in --show */
	char **name;		/* the functions to show; empty: all.  stb_ds */
	bool *seen;		/* did we see a call of it?  stb_ds */
	long shown;		/* open calls of them */
	bool entered;		/* after kvm_entry, before the guest */
	char *reason;		/* why the program gets control back */
};

/* Returns the index of N's name, or -1. */
static long name_asked_for(const struct lanes *l, const struct node *n)
{
	for (long i = 0; i < arrlen(l->name); i++)
		if (!strcmp(l->name[i], n->name))
			return i;
	return -1;
}

static bool is_lane_call(const struct lanes *l, const struct node *n)
{
	if (n->kind != NODE_CALL)
		return n->kind == NODE_EVENT && name_asked_for(l, n) >= 0;
	return !l->name || name_asked_for(l, n) >= 0;
}

static void begin_row(struct lanes *l, enum lane lane, long depth)
{
	struct markup *m = &l->out.m;

	if (!l->html) {
		printf("%-8s%*s", lane_words[lane],
		       (int)(4 * lane + 2 * depth), "");
		return;
	}
	markup_open_class(m, "li", lane_names[lane]);
	markup_open(m, "div");
	markup_attribute_printf(m, "style", "--depth: %ld", depth);
	markup_open_class(m, "span", "who");
	markup_printf(m, "%s: ", lane_words[lane]);
	markup_close(m);
}

static void end_row(struct lanes *l)
{
	if (l->html) {
		markup_close(&l->out.m);
		markup_close(&l->out.m);
		markup_text(&l->out.m, "\n");
	} else {
		putchar('\n');
	}
}

static void write_lane_word(struct lanes *l, const char *text)
{
	if (l->html)
		markup_text(&l->out.m, text);
	else
		fputs(text, stdout);
}

/* As text, a function has where it is defined behind it. */
static void print_lane_function(const struct lanes *l, const struct node *n)
{
	const struct symbol *s = n->kind == NODE_CALL && l->page.page.symbols ?
				 symbols_find(l->page.page.symbols, n->name) :
				 NULL;

	fputs(n->name, stdout);
	if (s)
		printf("  %s:%d", s->path, s->line);
}

static void write_lane_function(struct lanes *l, const struct node *n)
{
	begin_row(l, KERNEL, l->shown);
	if (l->html) {
		table_write_call(&l->page, n, TABLE_NAME);
		table_write_link(&l->page, n);
	} else {
		print_lane_function(l, n);
	}
	end_row(l);
}

static void write_lane_syscall(struct lanes *l, const struct node *n)
{
	begin_row(l, PROGRAM, 0);
	if (l->html) {
		table_write_call(&l->page, n, TABLE_BEGIN);
		table_write_place(&l->page, n);
		table_write_link(&l->page, n);
	} else {
		printf("%s(%s)", n->name, n->args);
		if (n->place)
			printf("  %s", n->place);
	}
	end_row(l);
}

/* Keeps the reason of "reason=KVM_EXIT_MMIO, errno=0": the result of the
 * system call has the errno. */
static void note_reason(struct lanes *l, const struct node *n)
{
	const char *from = strchr(n->args, '=');
	size_t length = from ? strcspn(++from, ",") : 0;

	free(l->reason);
	l->reason = length ? xasprintf("%.*s", (int)length, from) : NULL;
}

/* Outside of VHE, a hypercall asks EL2 to enter the guest. */
static void write_hypercall(struct lanes *l, const struct gap_chain *gap)
{
	for (int i = 0; i < gap->steps; i++) {
		if (strcmp(gap->step[i].kind, "hypercall"))
			continue;
		begin_row(l, KERNEL, l->shown);
		write_lane_word(l, gap->step[i].name);
		write_lane_word(l, " (");
		write_lane_word(l, gap_kind(&gap->step[i]));
		write_lane_word(l, ", unseen)");
		end_row(l);
	}
}

static void write_guest(struct lanes *l)
{
	l->entered = false;
	begin_row(l, GUEST, 0);
	write_lane_word(l, "the guest runs");
	end_row(l);
}

/* Finds the gap that enters the guest. */
static void write_guest_gap(void *lanes, const struct gap_shown *s, long depth)
{
	struct lanes *l = lanes;

	(void)depth;
	if (!gap_runs_guest(s->gap) || !l->entered)
		return;
	write_hypercall(l, s->gap);
	write_guest(l);
}

/* Without a table we only know that the guest ran before its exit. */
static void write_guest_before(struct lanes *l, const struct node *n)
{
	if (!l->gaps && l->entered && n->kind == NODE_EVENT &&
	    !strcmp(n->name, "kvm_exit"))
		write_guest(l);
}

/* Says why the CPU left the guest. */
static void write_exit(struct lanes *l, const struct node *n)
{
	begin_row(l, KERNEL, l->shown);
	if (l->html) {
		table_write_call(&l->page, n, TABLE_WHOLE);
		table_write_link(&l->page, n);
	} else {
		printf("%s: %s", n->name, n->args);
	}
	end_row(l);
}

static void lanes_enter(void *lanes, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct lanes *l = lanes;
	long i = name_asked_for(l, n);

	(void)level;
	(void)times;
	(void)below;
	gaps_before(l->gaps, n, write_guest_gap, l, depth);
	gaps_enter(l->gaps, n);
	write_guest_before(l, n);
	if (i >= 0)
		l->seen[i] = true;
	if (n->kind == NODE_EVENT && !strcmp(n->name, "kvm_entry"))
		l->entered = true;
	if (n->kind == NODE_SYSCALL) {
		write_lane_syscall(l, n);
	} else if (n->kind == NODE_EVENT && !strcmp(n->name, "kvm_exit")) {
		write_exit(l, n);
	} else if (n->kind == NODE_EVENT &&
		   !strcmp(n->name, "kvm_userspace_exit")) {
		note_reason(l, n);
	} else if (is_lane_call(l, n)) {
		write_lane_function(l, n);
		l->shown++;
	}
}

static void write_return(struct lanes *l, const struct node *n)
{
	begin_row(l, PROGRAM, 0);
	write_lane_word(l, n->open ? "never returned" : "= ");
	write_lane_word(l, n->result ?: "");
	if (l->reason) {
		write_lane_word(l, ", ");
		write_lane_word(l, l->reason);
	}
	end_row(l);
	free(l->reason);
	l->reason = NULL;
}

static void lanes_leave(void *lanes, const struct node *n, long depth)
{
	struct lanes *l = lanes;

	gaps_before(l->gaps, NULL, write_guest_gap, l, depth);
	gaps_leave(l->gaps);
	if (n->kind == NODE_SYSCALL)
		write_return(l, n);
	else if (is_lane_call(l, n) && strcmp(n->name, "kvm_exit"))
		l->shown--;
}

static void lanes_thread(void *lanes, const struct thread *t)
{
	struct lanes *l = lanes;

	if (l->html)
		markup_open_class(&l->out.m, "li", "thread");
	write_lane_word(l, "thread ");
	write_lane_word(l, t->name);
	if (l->html)
		markup_close(&l->out.m);
	write_lane_word(l, "\n");
}

static const struct tree_ops lanes_ops = {
	.thread = lanes_thread, .enter = lanes_enter, .leave = lanes_leave,
};

static const char lanes_help[] =
"usage: kvt lanes --symbols TSV [OPTION]... CAPTURE\n"
"\n"
"Prints who acts when, a line each: the program that makes a system call, KVM\n"
"in the kernel, the guest, and why each gave way.  The tracepoint kvm_entry\n"
"shows that KVM enters the guest; gaps.tsv beside the index knows where.\n"
"\n"
"  --show NAME,...     only these functions of KVM, and tracepoints\n"
"  --syscall, --at, --function, --nth, --depth\n"
"                      as in `kvt show`\n"
"  --html              a list for the book, instead of text\n"
"  --json              with --html: in parts, as `kvt html --json` has them\n"
"  --page PAGE         with --html: calls are links to rows of this page, which\n"
"                      has the whole capture\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n"
"\n"
"Exit codes: 0 done; 2 usage, or --show names a function that the selection\n"
"does not have; 3 the capture is truncated or altered.\n";

static void take_lanes_option(void *lanes, int opt, const char *value)
{
	struct lanes *l = lanes;
	char *names, *name;

	switch (opt) {
	case 'H':
		l->html = true;
		return;
	case 'j':
		l->json = true;
		return;
	case 'p':
		l->page.rows = value;
		return;
	}
	if (l->list)
		die(KVT_USAGE, "--show takes all names at once: NAME,NAME");
	names = l->list = xstrdup(value);
	while ((name = strsep(&names, ", "))) {
		if (!*name)
			continue;
		arrput(l->name, name);
		arrput(l->seen, false);
	}
}

static void write_heads(struct markup *m)
{
	static const char *const head[] = {
		"your program", "KVM in the kernel", "the guest",
	};

	markup_open_class(m, "li", "heads");
	markup_attribute(m, "aria-hidden", "true");
	for (size_t i = 0; i < sizeof(head) / sizeof(*head); i++) {
		markup_open(m, "span");
		markup_text(m, head[i]);
		markup_close(m);
	}
	markup_close(m);
	markup_text(m, "\n");
}

static void write_lanes(struct lanes *l, struct capture *c,
			const struct view *view)
{
	struct markup *m = &l->out.m;

	if (l->html) {
		markup_open_class(m, "ol", "lanes");
		markup_text(m, "\n");
		write_heads(m);
	}
	tree_walk(c, view, &lanes_ops, l);
	if (l->html) {
		markup_close(m);
		markup_text(m, "\n");
	}
	fragment_print_parts(&l->out);
	for (long i = 0; i < arrlen(l->name); i++)
		if (!l->seen[i])
			die(KVT_USAGE, "%s has no call of %s in what was"
			    " selected", c->file, l->name[i]);
}

/* Links to rows need the whole tree; else a call at a time will do. */
static struct capture *open_lanes(struct lanes *l, struct options *o,
				  const char *file)
{
	static const struct view folded = { .optional = true };
	struct capture *c = l->html ? capture_read(file) : capture_stream(file);

	if (l->html && l->json)
		fragment_collect(&l->out);
	else
		fragment_print(&l->out, stdout);
	if (l->html) {
		view_prepare(c, &folded);
		l->identities = identities_of(c);
	}
	l->gaps = gaps_choose(gaps_beside(o->symbols_file), c);
	l->page.page = (struct page){ .out = &l->out, .base = o->base,
				      .symbols = options_symbols(o, c) };
	l->page.c = c;
	l->page.identities = l->identities;
	return c;
}

int cmd_lanes(int argc, char **argv)
{
	static const struct option own[] = {
		{ "show", required_argument, NULL, 's' },
		{ "html", no_argument, NULL, 'H' },
		{ "json", no_argument, NULL, 'j' },
		{ "page", required_argument, NULL, 'p' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_CALLS | TAKE_NTH | TAKE_SYMBOLS | TAKE_BASE,
		.own = own, .take = take_lanes_option, .help = lanes_help,
	};
	struct options o = { .view.unfold = true };
	struct lanes l = { .html = false };
	struct capture *c;
	int status = options_parse(&o, &options, &l, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1 || !o.symbols_file)
		die(KVT_USAGE, "lanes takes --symbols TSV and one capture; see"
		    " 'kvt lanes --help'");
	c = open_lanes(&l, &o, argv[optind]);
	write_lanes(&l, c, &o.view);
	identities_free(l.identities);
	capture_free(c);
	gaps_free(l.gaps);
	arrfree(l.name);
	arrfree(l.seen);
	free(l.list);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
