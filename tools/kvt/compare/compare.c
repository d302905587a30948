// SPDX-License-Identifier: MIT
/*
 * kvt compare: do two captures show the same?
 *
 * Two kernels built differently do not see the same functions: what one
 * compiler inlines, the other's tracer can see.  Given what each could
 * trace, the captures are compared over the functions that both could:
 * which were called, in which order, inside of what.  A static function
 * that both can trace may still be inlined by some of its callers, and a
 * global one by those in its own file; where only one capture has it, that
 * is said, and is no difference.
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
#include "kernel/facts.h"
#include "kernel/symbols.h"

/* A capture as a row of steps: a call begins, or it ends. */
struct step {
	const struct node *node;	/* of the call that begins or ends */
	char *text;			/* "name", or "}" at its end */
	bool begins, inlinable, skipped;
	size_t end;			/* where the call ends */
};

struct steps {
	struct step *s;
	size_t count, room, at;
	const char *file;
};

/* What a kernel can trace, by name; not LOADED: everything. */
struct seen {
	struct function *f;
	size_t count;
	bool loaded;
};

/* --- what the kernels can trace ------------------------------------- */

/* A function that the compiler cloned is still that function, but of one
 * that it split (foo.part.0) only a part of the calls can be seen. */
static void plain_name(char *name)
{
	if (!strstr(name, ".part."))
		strip_suffix(name);
}

static int by_name(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return strcmp(f->name, g->name);
}

static void load_seen(struct seen *s, const char *file)
{
	s->f = functions_load(file, &s->count);
	s->loaded = true;
	for (size_t i = 0; i < s->count; i++)
		plain_name(s->f[i].name);
	qsort(s->f, s->count, sizeof(*s->f), by_name);
}

static const struct function *lookup(const struct seen *s, const char *name)
{
	struct function key = { .name = (char *)name };

	return bsearch(&key, s->f, s->count, sizeof(key), by_name);
}

static bool is_seen(const struct seen *s, const char *name)
{
	return !s->loaded || lookup(s, name);
}

static bool is_static(const struct seen *s, const char *name)
{
	const struct function *f = s->loaded ? lookup(s, name) : NULL;

	return f && f->is_static;
}

/* Whether a function and its caller are defined in one file. */
static bool in_one_file(const struct symbols *symbols, const struct node *n)
{
	const struct symbol *caller, *called;

	if (!symbols || n->parent->kind != NODE_CALL)
		return false;
	caller = symbols_find(symbols, n->parent->name);
	called = symbols_find(symbols, n->name);
	return caller && called && !strcmp(caller->path, called->path);
}

/*
 * nVHE maps an object for EL2 page by page, and how many pages it touches,
 * with how many tables, depends on where the allocator put it.  Of such
 * calls in a row the first stands for all, without what is inside.
 */
static bool is_page_by_page(const struct node *n, const struct seen *s)
{
	return s->loaded && n->kind == NODE_CALL &&
	       !strcmp(n->name, "__create_hyp_mappings");
}

/* --- steps ---------------------------------------------------------- */

static struct step *add(struct steps *all, const struct node *n, char *text)
{
	if (all->count == all->room)
		all->s = xrealloc(all->s, (all->room = all->room * 2 + 1024) *
					  sizeof(*all->s));
	all->s[all->count] = (struct step){ .node = n, .text = text };
	return &all->s[all->count++];
}

/* What a system call was asked for and answered is the program's own, and
 * the same on every kernel. */
static char *describe(const struct node *n)
{
	if (n->kind != NODE_SYSCALL)
		return xstrdup(n->name);
	return xasprintf("@%s(%s) = %s", n->name, n->args, n->result ?: "");
}

static void add_children(struct steps *all, const struct node *n,
			 const struct seen seen[2],
			 const struct symbols *symbols)
{
	for (unsigned int i = 0; i < n->children; i++) {
		struct node *c = n->child[i];
		size_t begin = all->count;
		bool both;

		plain_name(c->name);
		if (i && is_page_by_page(c, &seen[0]) &&
		    is_page_by_page(n->child[i - 1], &seen[0]))
			continue;
		both = c->kind != NODE_CALL ||
		       (is_seen(&seen[0], c->name) &&
			is_seen(&seen[1], c->name));
		if (both) {
			struct step *s = add(all, c, describe(c));

			s->begins = true;
			s->inlinable = c->kind == NODE_CALL &&
				       (is_static(&seen[0], c->name) ||
					is_static(&seen[1], c->name) ||
					in_one_file(symbols, c));
		}
		if (!is_page_by_page(c, &seen[0]))
			add_children(all, c, seen, symbols);
		if (both) {
			all->s[begin].end = all->count;
			add(all, c, xstrdup("}"));
		}
	}
}

static void load_steps(struct steps *all, const char *file,
		       const struct seen seen[2],
		       const struct symbols *symbols)
{
	struct capture *c = capture_read(file);

	tree_flatten(c);	/* what is inlined is the compiler's affair */
	all->file = file;
	for (unsigned int i = 0; i < c->threads; i++)
		add_children(all, &c->thread[i].root, seen, symbols);
}

/* --- comparing ------------------------------------------------------ */

/* The functions that only one of the captures has somewhere. */
struct names {
	const char **name;
	size_t count;
};

static void remember(struct names *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->name[i], name))
			return;
	all->name = xrealloc(all->name, (all->count + 1) *
					sizeof(*all->name));
	all->name[all->count++] = name;
}

/* The next step that counts, or NULL. */
static struct step *next(struct steps *all)
{
	while (all->at < all->count && all->s[all->at].skipped)
		all->at++;
	return all->at < all->count ? &all->s[all->at] : NULL;
}

static bool can_skip(const struct step *s)
{
	return s && s->begins && s->inlinable;
}

static void skip(struct steps *all, struct names *names)
{
	struct step *s = &all->s[all->at];

	remember(names, s->text);
	s->skipped = true;
	all->s[s->end].skipped = true;
}

/* What the step would be, were the one at hand not there. */
static const char *after(const struct steps *all)
{
	size_t i = all->at + 1;

	if (i == all->s[all->at].end)	/* a leaf: its end goes with it */
		i++;
	while (i < all->count && all->s[i].skipped)
		i++;
	return i < all->count ? all->s[i].text : "";
}

/* The steps differ: does an inlined function explain it?  True: skipped. */
static bool explain(struct steps *a, struct steps *b, struct names *names)
{
	struct step *s = next(a), *t = next(b);

	if (can_skip(s) && can_skip(t)) {
		/* Whichever brings the two together. */
		if (!strcmp(after(b), s->text))
			skip(b, names);
		else
			skip(a, names);
		return true;
	}
	if (can_skip(s))
		skip(a, names);
	else if (can_skip(t))
		skip(b, names);
	else
		return false;
	return true;
}

static void print_place(struct steps *all)
{
	struct step *s = next(all);

	if (s)
		printf("%s:%u: %s%s\n", all->file, s->node->line,
		       s->begins ? "" : "the end of ",
		       s->begins ? s->text : s->node->name);
	else
		printf("%s: ends\n", all->file);
}

static int compare(struct steps *a, struct steps *b)
{
	struct names names = { NULL, 0 };
	unsigned long same = 0;

	for (;;) {
		struct step *s = next(a), *t = next(b);

		if (!s && !t)
			break;
		if (s && t && !strcmp(s->text, t->text)) {
			same += s->begins;
			a->at++;
			b->at++;
		} else if (!explain(a, b, &names)) {
			printf("different, after %lu that are the same:\n",
			       same);
			print_place(a);
			print_place(b);
			return KVT_DIFFERENT;
		}
	}
	printf("same: %lu calls, system calls and events", same);
	for (size_t i = 0; i < names.count; i++)
		printf("%s %s", i ? "," : "; inlined somewhere on one side:",
		       names.name[i]);
	putchar('\n');
	return KVT_OK;
}

static const char compare_help[] =
"usage: kvt compare [--seen-by TSV --seen-by TSV] [--symbols TSV] A B\n"
"\n"
"Compares two captures: system calls with arguments and results, and which\n"
"functions they called in which order.  Exits 0 if they show the same, 1\n"
"with the first difference if not.\n"
"\n"
"  --seen-by TSV   functions.tsv of the kernel of A, and given again, of B:\n"
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

int cmd_compare(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seen-by", required_argument, NULL, 's' },
		{ "symbols", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct seen seen[2] = { 0 };
	struct steps steps[2] = { 0 };
	struct symbols *symbols = NULL;
	const char *index = NULL, *first = NULL;
	int opt, n = 0;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (opt == 's' && n < 2) {
			first = first ?: optarg;
			load_seen(&seen[n++], optarg);
			continue;
		}
		if (opt == 'S') {
			index = optarg;
			continue;
		}
		fputs(opt == 'h' ? compare_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	if (optind != argc - 2 || n == 1)
		die(KVT_USAGE, "compare takes two captures, and --seen-by"
		    " twice or not at all; see 'kvt compare --help'");
	if (first)
		symbols = index ? symbols_load(index) : symbols_beside(first);
	for (int i = 0; i < 2; i++)
		load_steps(&steps[i], argv[optind + i], seen, symbols);
	return compare(&steps[0], &steps[1]);
}
