// SPDX-License-Identifier: MIT
/* kvt lines: what each line of the program woke in the kernel. */
#define _GNU_SOURCE
#include <getopt.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "commands.h"

/* A line of the program, with all the system calls that it made. */
struct place {
	char *text;		/* FILE:LINE; "" for what has no line */
	char *names;		/* of its system calls: "KVM_RUN, close" */
	unsigned long times;	/* system calls */
	unsigned long calls;	/* of kernel functions, in all of them */
	unsigned long functions;	/* different ones among those */
	void *seen;		/* a tree of their names */
};

struct places {
	void *tree;		/* of struct place, by text */
	struct place *now;	/* whose calls are being counted */
	bool tsv;
};

static char *copy(const char *text, size_t length)
{
	return xasprintf("%.*s", (int)length, text);
}

/* Where what is like KEY stands in TREE; KEY itself if it is new there. */
static void **slot_of(void **tree, const void *key,
		      int (*order)(const void *, const void *))
{
	void **slot = tsearch(key, tree, order);

	if (!slot)
		die(KVT_FAILED, "out of memory");
	return slot;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* By file and line; what has no line comes last. */
static int by_place(const void *a, const void *b)
{
	const char *x = ((const struct place *)a)->text;
	const char *y = ((const struct place *)b)->text;

	if (!*x || !*y)
		return !*x - !*y;
	return strverscmp(x, y);
}

static struct place *place_of(struct places *all, const char *text)
{
	struct place like = { .text = (char *)text };
	void **slot = slot_of(&all->tree, &like, by_place);
	struct place *p;

	if (*slot != &like)
		return *slot;
	p = *slot = xcalloc(1, sizeof(*p));
	p->text = xstrdup(text);
	p->names = xstrdup("");
	return p;
}

/* Is NAME among NAMES, "KVM_RUN, close"? */
static bool has_name(const char *names, const char *name, size_t length)
{
	for (const char *p = names; *p; ) {
		size_t this = strcspn(p, ",");

		if (this == length && !memcmp(p, name, length))
			return true;
		p += this;
		p += strspn(p, ", ");
	}
	return false;
}

static void add_name(struct place *p, const char *name, size_t length)
{
	char *names;

	if (has_name(p->names, name, length))
		return;
	names = xasprintf("%s%s%.*s", p->names, *p->names ? ", " : "",
			  (int)length, name);
	free(p->names);
	p->names = names;
}

static void begin_syscall(struct places *all, const struct node *n)
{
	size_t length;
	const char *request = request_of(n, &length);

	all->now = place_of(all, n->place ?: "");
	all->now->times++;
	if (length)
		add_name(all->now, request, length);
	else
		add_name(all->now, n->name, strlen(n->name));
}

static void count_call(struct place *p, const struct node *n)
{
	void **slot = slot_of(&p->seen, n->name, by_name);

	p->calls++;
	if (*slot != n->name)
		return;
	/* A stream's nodes do not last. */
	*slot = copy(n->name, strlen(n->name));
	p->functions++;
}

static void ignore_thread(void *data, const struct thread *t)
{
	(void)data;
	(void)t;
}

static void on_enter(void *data, const struct node *n, long depth,
		     long level, unsigned int times, unsigned long below)
{
	struct places *all = data;

	(void)depth;
	(void)times;
	(void)below;
	if (n->kind == NODE_SYSCALL)
		begin_syscall(all, n);
	else if (!level)
		all->now = place_of(all, "");
	if (n->kind == NODE_CALL)
		count_call(all->now, n);
}

static void ignore_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

/* --- printing ------------------------------------------------------- */

static void put_row(const struct places *all, const struct place *p)
{
	size_t file = strcspn(p->text, ":");

	if (!all->tsv)
		printf("%-28s  %5lu  %6lu  %9lu  %s\n",
		       *p->text ? p->text : "no line of the program",
		       p->times, p->calls, p->functions, p->names);
	else
		printf("%.*s\t%s\t%s\t%lu\t%lu\t%lu\n", (int)file, p->text,
		       p->text + file + (p->text[file] == ':'), p->names,
		       p->times, p->calls, p->functions);
}

static void on_place(const void *slot, VISIT visit, void *data)
{
	if (visit == postorder || visit == leaf)
		put_row(data, *(const struct place *const *)slot);
}

static void put_places(const struct places *all, const struct capture *c)
{
	if (all->tsv)
		puts("file\tline\tnames\ttimes\tcalls\tfunctions");
	else if (c->records)
		printf("%-28s  times   calls  functions  system call\n",
		       "line");
	else
		puts("(no system call had to do with KVM)");
	twalk_r(all->tree, on_place, (void *)all);
}

static void free_place(void *data)
{
	struct place *p = data;

	tdestroy(p->seen, free);
	free(p->text);
	free(p->names);
	free(p);
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

static void print_lines(const char *file, bool tsv)
{
	static const struct tree_ops ops = {
		.thread = ignore_thread, .enter = on_enter,
		.leave = ignore_leave,
	};
	const struct view view = { .unfold = true };
	struct places all = { .tsv = tsv };
	struct capture *c = capture_stream(file);

	tree_walk(c, &view, &ops, &all);
	put_places(&all, c);
	tdestroy(all.tree, free_place);
	capture_free(c);
}

int cmd_lines(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tsv", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	bool tsv = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (opt == 't') {
			tsv = true;
		} else {
			fputs(opt == 'h' ? lines_help : "", stdout);
			return opt == 'h' ? KVT_OK : KVT_USAGE;
		}
	}
	if (optind != argc - 1)
		die(KVT_USAGE, "lines takes one capture; see"
		    " 'kvt lines --help'");
	print_lines(argv[optind], tsv);
	close_file(stdout, "standard output");
	return KVT_OK;
}
