// SPDX-License-Identifier: MIT
/* kvt lines: what each line of the program woke in the kernel. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/options.h"

/* A name in a set of names. */
struct line_name {
	UT_hash_handle hh;
	char text[];
};

/* A line of the program, with the system calls that it made. */
struct program_line {
	UT_hash_handle hh;
	char *place;		/* FILE:LINE; "" for calls without a line */
	struct buf names;	/* of its system calls: "KVM_RUN, close" */
	struct line_name *syscalls;
	struct line_name *functions;
	unsigned long times;	/* system calls */
	unsigned long calls;	/* of functions, in all of them */
};

struct line_counts {
	struct program_line *lines;	/* by place */
	struct program_line *now;	/* the one we count calls of */
};

static struct program_line *counts_of_line(struct line_counts *all,
					   const char *place)
{
	struct program_line *line;

	HASH_FIND_STR(all->lines, place, line);
	if (line)
		return line;
	line = xcalloc(1, sizeof(*line));
	line->place = xstrdup(place);
	HASH_ADD_KEYPTR(hh, all->lines, line->place, strlen(place), line);
	return line;
}

/* Adds NAME to a set; true: it was new.  A stream's nodes do not last, so the
 * set copies names. */
static bool add_to_names(struct line_name **set, const char *name,
			 size_t length)
{
	struct line_name *n;

	HASH_FIND(hh, *set, name, length, n);
	if (n)
		return false;
	n = xcalloc(1, sizeof(*n) + length + 1);
	memcpy(n->text, name, length);
	HASH_ADD_KEYPTR(hh, *set, n->text, length, n);
	return true;
}

static void count_syscall_of_line(struct line_counts *all,
				  const struct node *n)
{
	size_t length;
	const char *name = request_of(n, &length);
	struct program_line *line = counts_of_line(all, n->place ?: "");

	if (!length) {
		name = n->name;
		length = strlen(name);
	}
	line->times++;
	if (add_to_names(&line->syscalls, name, length)) {
		if (line->names.size)
			buf_puts(&line->names, ", ");
		buf_add(&line->names, name, length);
	}
	all->now = line;
}

static void lines_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void lines_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct line_counts *all = data;

	(void)depth;
	(void)times;
	(void)below;
	if (n->kind == NODE_SYSCALL)
		count_syscall_of_line(all, n);
	else if (!level)
		all->now = counts_of_line(all, "");
	if (n->kind == NODE_CALL) {
		all->now->calls++;
		add_to_names(&all->now->functions, n->name, strlen(n->name));
	}
}

static void lines_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

/* --- printing ------------------------------------------------------- */

/* Compares by file and line; calls without a line come last. */
static int by_program_line(const struct program_line *a,
			   const struct program_line *b)
{
	if (!*a->place || !*b->place)
		return !*a->place - !*b->place;
	return strverscmp(a->place, b->place);
}

static void print_line(const struct program_line *line, bool tsv)
{
	const char *place = line->place, *names = line->names.text ?: "";
	size_t file = strcspn(place, ":");
	unsigned int functions = HASH_COUNT(line->functions);

	if (!tsv)
		printf("%-28s  %5lu  %6lu  %9u  %s\n",
		       *place ? place : "no line of the program", line->times,
		       line->calls, functions, names);
	else
		printf("%.*s\t%s\t%s\t%lu\t%lu\t%u\n", (int)file, place,
		       place + file + (place[file] == ':'), names,
		       line->times, line->calls, functions);
}

static void print_lines(struct line_counts *all, const struct capture *c,
			bool tsv)
{
	if (tsv)
		puts("file\tline\tnames\ttimes\tcalls\tfunctions");
	else if (c->records)
		printf("%-28s  times   calls  functions  system call\n",
		       "line");
	else
		puts("(no system call had to do with KVM)");
	HASH_SORT(all->lines, by_program_line);
	for (struct program_line *line = all->lines; line; line = line->hh.next)
		print_line(line, tsv);
}

static void free_names(struct line_name **set)
{
	struct line_name *n, *next;

	HASH_ITER(hh, *set, n, next) {
		HASH_DEL(*set, n);
		free(n);
	}
}

static void free_lines(struct line_counts *all)
{
	struct program_line *line, *next;

	HASH_ITER(hh, all->lines, line, next) {
		HASH_DEL(all->lines, line);
		free_names(&line->syscalls);
		free_names(&line->functions);
		buf_free(&line->names);
		free(line->place);
		free(line);
	}
}

static const char lines_help[] =
"usage: kvt lines [OPTION]... CAPTURE\n"
"\n"
"Prints, for each line of the program that made system calls: how many, how\n"
"many calls of kernel functions they led to, how many different functions\n"
"these were, and the names of the system calls, an ioctl's being that of its\n"
"request.  The last row is for what has no line: a program without debugging\n"
"information, and what ran outside of system calls.  `kvt show` has an option\n"
"that selects the calls of a line.\n"
"\n"
"  --tsv             columns with tabs between them: file, line, names, times,\n"
"                    calls, functions\n";

static void take_lines_option(void *tsv, int opt, const char *value)
{
	(void)opt;
	(void)value;
	*(bool *)tsv = true;
}

int cmd_lines(int argc, char **argv)
{
	static const struct tree_ops ops = {
		.thread = lines_thread, .enter = lines_enter,
		.leave = lines_leave,
	};
	static const struct view view = { .unfold = true };
	static const struct option own[] = {
		{ "tsv", no_argument, NULL, 't' }, { }
	};
	static const struct command_options options = {
		.own = own, .take = take_lines_option, .help = lines_help,
	};
	struct options shared = { .open = 0 };
	struct line_counts all = { .lines = NULL };
	struct capture *c;
	bool tsv = false;
	int status = options_parse(&shared, &options, &tsv, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "lines takes one capture; see"
		    " 'kvt lines --help'");
	c = capture_stream(argv[optind]);
	tree_walk(c, &view, &ops, &all);
	print_lines(&all, c, tsv);
	free_lines(&all);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
