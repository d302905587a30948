// SPDX-License-Identifier: MIT
/* kvt show: a capture as a tree, for the terminal. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "capture/write.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "view/options.h"
#include "view/show.h"

static void begin(const struct painter *p, enum paint paint)
{
	static const char *const code[] = {
		[PLAIN] = "", [BOLD] = "\033[1m", [DIM] = "\033[2m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",
		[RED] = "\033[31m",
	};

	if (p->colour)
		fputs(code[p->dim ? DIM : paint], stdout);
}

static void end(const struct painter *p)
{
	if (p->colour)
		fputs("\033[0m", stdout);
}

void show_paint(const struct painter *p, enum paint paint)
{
	if (paint == PLAIN)
		end(p);
	else
		begin(p, paint);
}

static void put(const struct painter *p, enum paint paint, const char *text)
{
	begin(p, paint);
	fputs(text, stdout);
	end(p);
}

/* The margin is only there where some calls are marked. */
static void indent(const struct painter *p, long depth, const char *margin)
{
	static const char blanks[] = "                                ";
	const long most = (sizeof(blanks) - 1) / 2;

	if (p->mark)
		fputs(margin, stdout);
	for (; depth > most; depth -= most)
		fwrite(blanks, 2, most, stdout);
	fwrite(blanks, 2, depth, stdout);
}

static void put_result(const struct painter *p, const struct node *n)
{
	if (n->open)
		put(p, RED, " never returned");
	if (!n->result)
		return;
	put(p, DIM, " = ");
	put(p, n->result[0] == '-' ? RED : GREEN, n->result);
}

void show_place(const struct painter *p, const struct node *n)
{
	const struct symbol *s = NULL;

	if (p->symbols && (n->kind == NODE_CALL || is_level(n)))
		s = symbols_find(p->symbols, n->name);
	if (!s && !n->place)
		return;
	begin(p, DIM);
	if (s)
		printf("  %s:%d", s->path, s->line);
	if (n->place)
		printf("  %s%s", n->kind == NODE_SYSCALL ? "" : "← ", n->place);
	end(p);
}

void show_call(const struct painter *p, const struct node *n)
{
	if (is_level(n)) {
		begin(p, DIM);
		printf("%c%s", n->kind == NODE_INLINED ? '~' : '?', n->name);
		end(p);
		return;
	}
	put(p, n->kind == NODE_SYSCALL ? BOLD :
	    n->kind == NODE_EVENT ? YELLOW : PLAIN, n->name);
	begin(p, DIM);
	putchar('(');
	fputs(n->args, stdout);
	putchar(')');
	end(p);
	put_result(p, n);
}

static void put_times(const struct painter *p, const struct node *n,
		      unsigned int times)
{
	if (times < 2)
		return;
	begin(p, YELLOW);
	printf(" × %u%s", times,
	       tree_group_alike(n) ? "" : ", the first shown");
	end(p);
}

static void show_thread(void *data, const struct thread *t)
{
	begin(data, YELLOW);
	printf("thread %s\n", t->name);
	end(data);
}

static void show_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

/* What N may have called, although no line of the capture can say so. */
static void put_gap(void *data, const struct node *n,
		    const struct gap_chain *gap, long depth)
{
	const struct painter *p = data;
	int first = gap_begin(n);

	indent(p, depth, "  ");
	begin(p, YELLOW);
	fputs(gap_is_inlined(gap) ? "… may run, inlined: " :
				    "… may call, unseen: ", stdout);
	for (int i = first; i < gap->steps; i++) {
		printf("%s%s", i > first ? " > " : "", gap->step[i].name);
		if (!gap_is_inlined(gap))
			printf(" (%s)", gap_kind(&gap->step[i]));
	}
	if (gap_runs_guest(gap))
		fputs(": here the guest runs", stdout);
	end(p);
	begin(p, DIM);
	printf("  %s", gap->step[first].call);
	end(p);
	putchar('\n');
}

static void show_group(void *data, const struct node *first, long depth)
{
	struct painter *p = data;

	gaps_before(p->gaps, first, put_gap, p, depth);
	indent(data, depth, "  ");
	begin(data, YELLOW);
	printf("× %u, the first round of these %u:\n", first->times,
	       first->group);
	end(data);
}

/* Of what is not unfolded: the unseen calls only. */
static void put_unseen(void *data, const struct node *n,
		       const struct gap_chain *gap, long depth)
{
	if (!gap_is_inlined(gap))
		put_gap(data, n, gap, depth);
}

static void show_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct painter *p = data;
	const char *mark = p->mark ? p->mark(p->data, n) : "";

	(void)level;
	gaps_before(p->gaps, n, put_gap, p, depth);
	p->dim = !mark;
	indent(p, depth, mark ? "* " : "  ");
	show_call(p, n);
	put_times(p, n, times);
	show_place(p, n);
	if (mark && *mark)
		put(p, YELLOW, mark);
	putchar('\n');
	p->dim = false;
	gaps_enter(p->gaps, n);
	if (!below)
		return;
	gaps_before(p->gaps, NULL, put_unseen, p, depth + 1);
	indent(p, depth + 1, "  ");
	begin(p, DIM);
	printf("… %lu below\n", below);
	end(p);
	p->cut = true;
}

static void show_leave(void *data, const struct node *n, long depth)
{
	struct painter *p = data;

	(void)n;
	if (!p->cut)
		gaps_before(p->gaps, NULL, put_gap, p, depth + 1);
	p->cut = false;
	gaps_leave(p->gaps);
}

const struct tree_ops show_ops = {
	show_thread, show_group, show_group_end, show_enter, show_leave,
};

void show_header(const struct painter *p, const struct capture *c)
{
	begin(p, DIM);
	printf("%s: %s, Linux %.*s, mode %s, %lu records\n", c->file,
	       capture_header(c, "program") ?: "?",
	       (int)strcspn(capture_header(c, "kernel") ?: "?", " "),
	       capture_header(c, "kernel") ?: "?",
	       capture_header(c, "mode") ?: "?", c->records);
	if (capture_header(c, "stopped"))
		printf("recording stopped by %s, before the program ended\n",
		       capture_header(c, "stopped"));
	if (p->legend && capture_has(c, "sites"))
		puts("← where it was called   ~ inlined by the compiler"
		     "   ? called, but not recorded");
	end(p);
}

static const char show_help[] =
"usage: kvt show [OPTION]... CAPTURE\n"
"\n"
"Prints a capture as a tree: each system call, and below it the KVM\n"
"functions that it woke, with arguments, results and where the source has\n"
"them.  Calls of the same shape in a row are printed once.\n"
"\n"
"  --syscall NAME    only this system call, or this ioctl (KVM_CREATE_VM)\n"
"  --at FILE:LINE    only the system calls made there: code/04-vcpu.c:35,\n"
"                    or 04-vcpu.c:35; `kvt lines` has those of a capture\n"
"  --function NAME   only the calls of this function, and what they call\n"
"  --nth N           only the Nth of those\n"
"  --depth N         N levels below each; 0, the default: all\n"
"  --unfold          print repeated calls one by one\n"
"  --traced          only what was recorded: without the functions that were\n"
"                    inlined (~) and those that are not recorded (?)\n"
"  --format FORMAT   tree, or kvt: a capture of what is selected, unfolded\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --gaps            say below each function what it may call out of the\n"
"                    tracer's sight: noinstr functions, assembly, EL2; and\n"
"                    what was inlined into it and leaves no trace; from the\n"
"                    gaps.tsv beside the index, see `kvt gaps`\n"
"  --color WHEN      always, never, or auto: on a terminal, unless\n"
"                    NO_COLOR is set\n";

static bool want_kvt(const char *format)
{
	if (strcmp(format, "tree") && strcmp(format, "kvt"))
		die(KVT_USAGE, "--format takes tree or kvt, not '%s'", format);
	return !strcmp(format, "kvt");
}

/* What is not folded can be read call by call. */
static void show(struct painter *p, const char *file,
		 const struct view *view, struct gaps *gaps, bool as_kvt)
{
	struct capture *c = view->unfold || as_kvt ? capture_stream(file)
						   : capture_read(file);

	if (gaps)
		gaps_choose(gaps, c);
	p->gaps = gaps;
	if (as_kvt) {
		capture_write(stdout, c, view);
	} else {
		show_header(p, c);
		view_prepare(c, view);
		tree_walk(c, view, &show_ops, p);
		if (!c->records)
			puts("(no system call had to do with KVM)");
	}
	capture_free(c);
}

static void take(void *as_kvt, int opt, const char *value)
{
	(void)opt;
	*(bool *)as_kvt = want_kvt(value);
}

int cmd_show(int argc, char **argv)
{
	static const struct option own[] = {
		{ "format", required_argument, NULL, 'F' }, { }
	};
	static const struct command_options options = {
		TAKE_VIEW | TAKE_TRACED | TAKE_SYMBOLS | TAKE_COLOUR |
			TAKE_GAPS, own, NULL, take,
		show_help,
	};
	struct options o = { .open = 0 };
	struct painter p = { .colour = false };
	struct gaps *gaps;
	bool as_kvt = false;
	int status = options_parse(&o, &options, &as_kvt, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "show takes one capture; see"
		    " 'kvt show --help'");
	p.colour = o.colour;
	p.legend = !o.view.traced;
	p.symbols = options_symbols(&o);
	gaps = options_gaps(&o);
	show(&p, argv[optind], &o.view, gaps, as_kvt);
	gaps_free(gaps);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
