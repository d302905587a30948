// SPDX-License-Identifier: MIT
/*
 * kvt compare: do two captures show the same?
 *
 * Two kernels built differently do not see the same functions: what one
 * compiler inlines, the other's tracer can see.  Given what each could
 * trace, the captures are compared over the functions that both could:
 * which were called, in which order, inside of what.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "kvt.h"

struct flat {
	char **line;
	const struct node **node;
	size_t count, room;
};

struct seen {
	struct function *f;	/* sorted by name; NULL: all */
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return strcmp(f->name, g->name);
}

/* A function that the compiler cloned is still that function, but of one
 * that it split (foo.part.0) only a part of the calls can be seen. */
static void plain_name(char *name)
{
	if (!strstr(name, ".part."))
		strip_suffix(name);
}

static bool sees(const struct seen *s, const char *name)
{
	struct function key = { .name = (char *)name };

	return !s->f || bsearch(&key, s->f, s->count, sizeof(key), by_name);
}

static void add(struct flat *f, const struct node *n, unsigned int depth)
{
	if (f->count == f->room) {
		f->room = f->room * 2 + 1024;
		f->line = xrealloc(f->line, f->room * sizeof(*f->line));
		f->node = xrealloc(f->node, f->room * sizeof(*f->node));
	}
	f->node[f->count] = n;
	/* What a system call was asked for and answered is the program's
	 * own, and the same on every kernel. */
	f->line[f->count++] = n->kind == NODE_SYSCALL ?
		xasprintf("%u @%s(%s) = %s", depth, n->name, n->args,
			  n->result ?: "") :
		xasprintf("%u %s", depth, n->name);
}

static void flatten(struct flat *f, const struct node *n, unsigned int depth,
		    const struct seen *a, const struct seen *b)
{
	for (unsigned int i = 0; i < n->children; i++) {
		struct node *c = n->child[i];
		bool both;

		plain_name(c->name);
		both = c->kind != NODE_CALL ||
		       (sees(a, c->name) && sees(b, c->name));

		if (both)
			add(f, c, depth);
		flatten(f, c, depth + both, a, b);
	}
}

static void flatten_capture(struct flat *f, const struct capture *c,
			    const struct seen *a, const struct seen *b)
{
	for (unsigned int i = 0; i < c->threads; i++)
		flatten(f, &c->thread[i].root, 0, a, b);
}

static void load_seen(struct seen *s, const char *file)
{
	if (!file)
		return;
	s->f = functions_load(file, &s->count);
	for (size_t i = 0; i < s->count; i++)
		plain_name(s->f[i].name);
	qsort(s->f, s->count, sizeof(*s->f), by_name);
}

static void print_place(const struct flat *f, size_t i, const char *file)
{
	if (i < f->count)
		printf("%s:%u: %s\n", file, f->node[i]->line,
		       strchr(f->line[i], ' ') + 1);
	else
		printf("%s: ends\n", file);
}

static int compare(const struct flat *a, const struct flat *b,
		   char *const *file)
{
	size_t i = 0;

	while (i < a->count && i < b->count &&
	       !strcmp(a->line[i], b->line[i]))
		i++;
	if (i == a->count && i == b->count) {
		printf("same: %zu calls, system calls and events\n", i);
		return KVT_OK;
	}
	printf("different, after %zu that are the same:\n", i);
	print_place(a, i, file[0]);
	print_place(b, i, file[1]);
	return KVT_DIFFERENT;
}

static const char compare_help[] =
"usage: kvt compare [--seen-by TSV]... A B\n"
"\n"
"Compares two captures: system calls with arguments and results, and which\n"
"functions they called in which order.  Exits 0 if they show the same, 1\n"
"with the first difference if not.\n"
"\n"
"  --seen-by TSV   functions.tsv of the kernel of A, and given again, of B:\n"
"                  compare only what both kernels can trace\n";

int cmd_compare(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seen-by", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct seen seen[2] = { 0 };
	struct flat flat[2] = { 0 };
	int opt, n = 0;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (opt == 's' && n < 2) {
			load_seen(&seen[n++], optarg);
			continue;
		}
		fputs(opt == 'h' ? compare_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind != argc - 2)
		die(KVT_USAGE, "compare takes two captures; see"
		    " 'kvt compare --help'");
	for (int i = 0; i < 2; i++)
		flatten_capture(&flat[i], capture_read(argv[optind + i]),
				&seen[0], &seen[1]);
	return compare(&flat[0], &flat[1], argv + optind);
}
