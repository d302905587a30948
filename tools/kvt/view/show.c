// SPDX-License-Identifier: MIT
/* kvt show: a capture as a tree, for the terminal. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "capture/write.h"
#include "commands.h"
#include "gaps/gaps.h"
#include "kernel/symbols.h"
#include "view/json_header.h"
#include "view/options.h"
#include "view/show.h"

static void begin_paint(const struct painter *p, enum paint paint)
{
	static const char *const code[] = {
		[PLAIN] = "", [BOLD] = "\033[1m", [DIM] = "\033[2m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",
		[RED] = "\033[31m",
	};

	if (p->colour)
		fputs(code[p->dim ? DIM : paint], stdout);
}

static void end_paint(const struct painter *p)
{
	if (p->colour)
		fputs("\033[0m", stdout);
}

void show_paint(const struct painter *p, enum paint paint)
{
	if (paint == PLAIN)
		end_paint(p);
	else
		begin_paint(p, paint);
}

static void paint_text(const struct painter *p, enum paint paint,
		       const char *text)
{
	begin_paint(p, paint);
	fputs(text, stdout);
	end_paint(p);
}

/* Prints the margin, which exists only if some calls are marked, and
 * indents. */
static void show_margin(const struct painter *p, long depth, const char *margin)
{
	static const char blanks[] = "                                ";
	const long most = (sizeof(blanks) - 1) / 2;

	if (p->mark)
		fputs(margin, stdout);
	for (; depth > most; depth -= most)
		fwrite(blanks, 2, most, stdout);
	fwrite(blanks, 2, depth, stdout);
}

static void show_result(const struct painter *p, const struct node *n)
{
	if (n->open)
		paint_text(p, RED, " never returned");
	if (!n->result)
		return;
	paint_text(p, DIM, " = ");
	paint_text(p, n->result[0] == '-' ? RED : GREEN, n->result);
}

void show_place(const struct painter *p, const struct node *n)
{
	const struct symbol *s = NULL;

	if (p->symbols && (n->kind == NODE_CALL || is_level(n)))
		s = symbols_find(p->symbols, n->name);
	if (!s && !n->place)
		return;
	begin_paint(p, DIM);
	if (s)
		printf("  %s:%d", s->path, s->line);
	if (n->place)
		printf("  %s%s", n->kind == NODE_SYSCALL ? "" : "← ", n->place);
	end_paint(p);
}

void show_call(const struct painter *p, const struct node *n)
{
	if (is_level(n)) {
		begin_paint(p, DIM);
		printf("%c%s", n->kind == NODE_INLINED ? '~' : '?', n->name);
		end_paint(p);
		return;
	}
	paint_text(p, n->kind == NODE_SYSCALL ? BOLD :
	    n->kind == NODE_EVENT ? YELLOW : PLAIN, n->name);
	begin_paint(p, DIM);
	putchar('(');
	fputs(n->args, stdout);
	putchar(')');
	end_paint(p);
	show_result(p, n);
}

static void show_times(const struct painter *p, const struct node *n,
		      unsigned int times)
{
	if (times < 2)
		return;
	begin_paint(p, YELLOW);
	printf(" × %u%s", times,
	       tree_group_alike(n) ? "" : ", the first shown");
	end_paint(p);
}

static void show_thread(void *data, const struct thread *t)
{
	begin_paint(data, YELLOW);
	printf("thread %s\n", t->name);
	end_paint(data);
}

static void show_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

/* Prints what ran, or may have run, without a line in the capture. */
static void show_gap(void *data, const struct gap_shown *s, long depth)
{
	const struct painter *p = data;
	const struct gap_chain *gap = s->gap;
	int first = s->first;

	show_margin(p, depth, "  ");
	begin_paint(p, YELLOW);
	printf("… %s: ", gap_words(s));
	for (int i = first; i < gap->steps; i++) {
		printf("%s%s", i > first ? " > " : "", gap->step[i].name);
		if (!gap_is_inlined(gap))
			printf(" (%s)", gap_kind(&gap->step[i]));
	}
	if (gap_runs_guest(gap))
		fputs(": here the guest runs", stdout);
	end_paint(p);
	begin_paint(p, DIM);
	printf("  %s", gap->step[first].call);
	end_paint(p);
	putchar('\n');
}

static void show_group(void *data, const struct node *first, long depth)
{
	struct painter *p = data;

	gaps_before(p->gaps, first, show_gap, p, depth);
	show_margin(data, depth, "  ");
	begin_paint(data, YELLOW);
	printf("× %u, the first round of these %u:\n", first->times,
	       first->group);
	end_paint(data);
}

static void show_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct painter *p = data;
	const char *mark = p->mark ? p->mark(p->data, n) : "";

	(void)level;
	gaps_before(p->gaps, n, show_gap, p, depth);
	p->dim = !mark;
	show_margin(p, depth, mark ? "* " : "  ");
	show_call(p, n);
	show_times(p, n, times);
	show_place(p, n);
	if (mark && *mark)
		paint_text(p, YELLOW, mark);
	putchar('\n');
	p->dim = false;
	gaps_enter(p->gaps, n);
	if (!below)
		return;
	gaps_below(p->gaps, show_gap, p, depth + 1);
	show_margin(p, depth + 1, "  ");
	begin_paint(p, DIM);
	printf("… %lu below\n", below);
	end_paint(p);
	p->cut = true;
}

static void show_leave(void *data, const struct node *n, long depth)
{
	struct painter *p = data;

	(void)n;
	if (!p->cut)
		gaps_before(p->gaps, NULL, show_gap, p, depth + 1);
	p->cut = false;
	gaps_leave(p->gaps);
}

const struct tree_ops show_ops = {
	show_thread, show_group, show_group_end, show_enter, show_leave,
};

void show_header(const struct painter *p, const struct capture *c)
{
	begin_paint(p, DIM);
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
	end_paint(p);
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
"  --format FORMAT   tree; kvt: a capture of what is selected; or\n"
"                    header: what the capture says of itself, in JSON\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --gaps            say below each function what it may call out of the\n"
"                    tracer's sight: noinstr functions, assembly, EL2; and\n"
"                    what was inlined into it and leaves no trace; from the\n"
"                    gaps.tsv beside the index, see `kvt gaps`\n"
"  --color WHEN      always, never, or auto: on a terminal, unless\n"
"                    NO_COLOR is set\n";

enum show_format { SHOW_TREE, SHOW_KVT, SHOW_HEADER };

static enum show_format show_format_named(const char *name)
{
	static const char *const names[] = {
		[SHOW_TREE] = "tree", [SHOW_KVT] = "kvt",
		[SHOW_HEADER] = "header",
	};

	for (int i = 0; i < 3; i++)
		if (!strcmp(name, names[i]))
			return i;
	die(KVT_USAGE, "--format takes tree, kvt or header, not '%s'", name);
}

static void print_header_object(const struct capture *c)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "file", c->file);
	json_add_number(o, "records", c->records);
	json_add(o, "header", json_header(c));
	json_print(stdout, o, JSON_LINE);
	putchar('\n');
}

static void print_tree(struct painter *p, struct capture *c,
		       const struct view *view)
{
	show_header(p, c);
	view_prepare(c, view);
	tree_walk(c, view, &show_ops, p);
	if (!c->records)
		puts("(no system call had to do with KVM)");
}

/* Reads the whole tree only to fold it; everything else reads call by call. */
static void print_show(struct painter *p, const char *file, struct options *o,
		       enum show_format format)
{
	bool whole = format == SHOW_TREE && !o->view.unfold;
	struct capture *c = whole ? capture_read(file) : capture_stream(file);

	p->gaps = gaps_choose(p->gaps, c);
	if (format == SHOW_TREE)
		p->symbols = options_symbols(o, c);
	if (format == SHOW_KVT)
		capture_write(stdout, c, &o->view);
	else if (format == SHOW_HEADER)
		print_header_object(c);
	else
		print_tree(p, c, &o->view);
	capture_free(c);
}

static void take_show_option(void *format, int opt, const char *value)
{
	(void)opt;
	*(enum show_format *)format = show_format_named(value);
}

int cmd_show(int argc, char **argv)
{
	static const struct option own[] = {
		{ "format", required_argument, NULL, 'F' }, { }
	};
	static const struct command_options options = {
		TAKE_VIEW | TAKE_TRACED | TAKE_SYMBOLS | TAKE_COLOUR |
			TAKE_GAPS, own, NULL, take_show_option,
		show_help,
	};
	struct options o = { .open = 0 };
	struct painter p = { .colour = false };
	enum show_format format = SHOW_TREE;
	int status = options_parse(&o, &options, &format, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "show takes one capture; see"
		    " 'kvt show --help'");
	p.colour = o.colour;
	p.legend = !o.view.traced;
	p.gaps = options_gaps(&o);
	print_show(&p, argv[optind], &o, format);
	gaps_free(p.gaps);
	options_free(&o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
