// SPDX-License-Identifier: MIT
/*
 * kvt lanes: who acts when, in three lanes: the program, KVM in the kernel,
 * and the guest.  kvm_entry says that the guest is entered; where in the
 * source it runs, no capture has, and gaps.tsv knows.
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
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "view/html.h"
#include "view/options.h"

enum lane { PROGRAM, KERNEL, GUEST };
static const char *const lane_names[] = { "program", "kernel", "guest" };
static const char *const lane_words[] = { "program", "KVM", "guest" };

struct lanes {
	struct page page;
	bool html;
	char *list;		/* what --show said, cut into names */
	char **name;		/* of the functions to be shown; none: all */
	bool *seen;
	size_t names;
	long shown;		/* how many of them are open */
	bool entered;		/* kvm_entry was seen, the guest not yet */
	char *reason;		/* why the program gets control back */
};

/* Which of the names N has, or -1. */
static long name_of(const struct lanes *l, const struct node *n)
{
	for (size_t i = 0; i < l->names; i++)
		if (!strcmp(l->name[i], n->name))
			return i;
	return -1;
}

static bool is_shown(const struct lanes *l, const struct node *n)
{
	if (n->kind != NODE_CALL)
		return n->kind == NODE_EVENT && name_of(l, n) >= 0;
	return !l->names || name_of(l, n) >= 0;
}

static void begin_row(struct lanes *l, enum lane lane, long depth)
{
	if (!l->html) {
		printf("%-8s%*s", lane_words[lane],
		       (int)(4 * lane + 2 * depth), "");
		return;
	}
	printf("<li class=\"%s\"><div style=\"--depth: %ld\">"
	       "<span class=\"who\">%s: </span>", lane_names[lane], depth,
	       lane_words[lane]);
}

static void end_row(struct lanes *l)
{
	fputs(l->html ? "</div></li>\n" : "\n", stdout);
}

static void put_word(struct lanes *l, const char *text)
{
	if (l->html)
		put_text(text);
	else
		fputs(text, stdout);
}

static void put_call(struct lanes *l, const struct node *n)
{
	const struct symbol *s = n->kind == NODE_CALL && l->page.symbols ?
				 symbols_find(l->page.symbols, n->name) : NULL;

	if (l->html && s)
		printf("<a class=\"fn\" href=\"%s%s#L%d\" title=\"%s:%d\">%s"
		       "</a>", l->page.base, s->path, s->line, s->path,
		       s->line, s->name);
	else
		put_word(l, n->name);
	if (!l->html && s)
		printf("  %s:%d", s->path, s->line);
}

static void put_syscall(struct lanes *l, const struct node *n)
{
	begin_row(l, PROGRAM, 0);
	put_word(l, n->name);
	put_word(l, "(");
	put_word(l, n->args);
	put_word(l, ")");
	if (l->html && n->place)
		html_place(&l->page, n);
	else if (n->place)
		printf("  %s", n->place);
	end_row(l);
}

/* Of "reason=KVM_EXIT_MMIO, errno=0", the reason: the result has the errno. */
static void note_reason(struct lanes *l, const struct node *n)
{
	const char *from = strchr(n->args, '=');
	size_t length = from ? strcspn(++from, ",") : 0;

	free(l->reason);
	l->reason = length ? xasprintf("%.*s", (int)length, from) : NULL;
}

/* The hypercall by which EL2 is asked to enter the guest, if it is one. */
static void put_hypercall(struct lanes *l, const struct gap_chain *gap)
{
	for (int i = 0; i < gap->steps; i++) {
		if (strcmp(gap->step[i].kind, "hypercall"))
			continue;
		begin_row(l, KERNEL, l->shown);
		put_word(l, gap->step[i].name);
		put_word(l, " (");
		put_word(l, gap_kind(&gap->step[i]));
		put_word(l, ", unseen)");
		end_row(l);
	}
}

static void put_guest(void *lanes, const struct gap_shown *s, long depth)
{
	struct lanes *l = lanes;

	(void)depth;
	if (!gap_runs_guest(s->gap) || !l->entered)
		return;
	l->entered = false;
	put_hypercall(l, s->gap);
	begin_row(l, GUEST, 0);
	put_word(l, "the guest runs");
	end_row(l);
}

/* Why the guest was left. */
static void put_exit(struct lanes *l, const struct node *n)
{
	begin_row(l, KERNEL, l->shown);
	put_word(l, n->name);
	put_word(l, ": ");
	put_word(l, n->args);
	end_row(l);
}

static void lanes_enter(void *lanes, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct lanes *l = lanes;
	long i = name_of(l, n);

	(void)level;
	(void)times;
	(void)below;
	gaps_before(l->page.gaps, n, put_guest, l, depth);
	gaps_enter(l->page.gaps, n);
	if (i >= 0)
		l->seen[i] = true;
	if (n->kind == NODE_EVENT && !strcmp(n->name, "kvm_entry"))
		l->entered = true;
	if (n->kind == NODE_SYSCALL) {
		put_syscall(l, n);
	} else if (n->kind == NODE_EVENT && !strcmp(n->name, "kvm_exit")) {
		put_exit(l, n);
	} else if (n->kind == NODE_EVENT &&
		   !strcmp(n->name, "kvm_userspace_exit")) {
		note_reason(l, n);
	} else if (is_shown(l, n)) {
		begin_row(l, KERNEL, l->shown);
		put_call(l, n);
		end_row(l);
		l->shown++;
	}
}

static void put_return(struct lanes *l, const struct node *n)
{
	begin_row(l, PROGRAM, 0);
	put_word(l, n->open ? "never returned" : "= ");
	put_word(l, n->result ?: "");
	if (l->reason) {
		put_word(l, ", ");
		put_word(l, l->reason);
	}
	end_row(l);
	free(l->reason);
	l->reason = NULL;
}

static void lanes_leave(void *lanes, const struct node *n, long depth)
{
	struct lanes *l = lanes;

	gaps_before(l->page.gaps, NULL, put_guest, l, depth);
	gaps_leave(l->page.gaps);
	if (n->kind == NODE_SYSCALL)
		put_return(l, n);
	else if (is_shown(l, n) && strcmp(n->name, "kvm_exit"))
		l->shown--;
}

static void lanes_thread(void *lanes, const struct thread *t)
{
	struct lanes *l = lanes;

	fputs(l->html ? "<li class=\"thread\">thread " : "thread ", stdout);
	put_word(l, t->name);
	fputs(l->html ? "</li>\n" : "\n", stdout);
}

static const struct tree_ops lanes_ops = {
	.thread = lanes_thread, .enter = lanes_enter, .leave = lanes_leave,
};

static const char lanes_help[] =
"usage: kvt lanes --symbols TSV [OPTION]... CAPTURE\n"
"\n"
"Prints who acts when, a line each: the program that makes a system call, KVM\n"
"in the kernel, the guest, and why each gave way.  That the guest is entered\n"
"the tracepoint kvm_entry says; where, the gaps.tsv beside the index.\n"
"\n"
"  --show NAME,...     only these functions of KVM, and tracepoints\n"
"  --syscall, --at, --function, --nth, --depth\n"
"                      as in `kvt show`\n"
"  --html              a list for the book, instead of text\n"
"  --symbols TSV       where the functions are (default: $KVT_SYMBOLS)\n"
"  --source-base URL   what the links begin with\n"
"\n"
"Exit codes: 0 done; 2 usage, also a function that the selection does not have;\n"
"3 the capture is truncated or altered.\n";

static void take_own(void *lanes, int opt, const char *value)
{
	struct lanes *l = lanes;
	char *names, *name;

	if (opt == 'H') {
		l->html = true;
		return;
	}
	if (l->list)
		die(KVT_USAGE, "--show takes all names at once: NAME,NAME");
	names = l->list = xstrdup(value);
	while ((name = strsep(&names, ", "))) {
		if (!*name)
			continue;
		l->name = xrealloc(l->name, (l->names + 1) * sizeof(char *));
		l->name[l->names++] = name;
	}
	l->seen = xcalloc(l->names + 1, sizeof(*l->seen));
}

static void put_lanes(struct lanes *l, struct capture *c,
		      const struct view *view)
{
	if (l->html)
		fputs("<ol class=\"lanes\">\n<li class=\"heads\" "
		      "aria-hidden=\"true\"><span>your program</span>"
		      "<span>KVM in the kernel</span><span>the guest</span>"
		      "</li>\n", stdout);
	tree_walk(c, view, &lanes_ops, l);
	if (l->html)
		fputs("</ol>\n", stdout);
	for (size_t i = 0; i < l->names; i++)
		if (!l->seen[i])
			die(KVT_USAGE, "%s has no call of %s in what was"
			    " selected", c->file, l->name[i]);
}

int cmd_lanes(int argc, char **argv)
{
	static const struct option own[] = {
		{ "show", required_argument, NULL, 's' },
		{ "html", no_argument, NULL, 'H' }, { }
	};
	static const struct command_options options = {
		.takes = TAKE_CALLS | TAKE_NTH | TAKE_SYMBOLS | TAKE_BASE,
		.own = own, .take = take_own, .help = lanes_help,
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
	l.page = (struct page){ .symbols = options_symbols(&o), .base = o.base,
				.gaps = gaps_beside(o.symbols_file) };
	c = capture_stream(argv[optind]);
	gaps_choose(l.page.gaps, c);
	put_lanes(&l, c, &o.view);
	capture_free(c);
	gaps_free(l.page.gaps);
	free(l.name);
	free(l.seen);
	free(l.list);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
