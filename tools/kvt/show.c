// SPDX-License-Identifier: MIT
/* kvt show: a capture as a tree, for the terminal. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvt.h"

struct painter {
	const struct view *view;
	const struct symbols *symbols;
	const struct capture *capture;
	const struct thread *thread;	/* that was shown last */
	bool colour;
};

enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, RED };

static void begin(const struct painter *p, enum paint paint)
{
	static const char *const code[] = {
		[PLAIN] = "", [BOLD] = "\033[1m", [DIM] = "\033[2m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",
		[RED] = "\033[31m",
	};

	if (p->colour)
		fputs(code[paint], stdout);
}

static void end(const struct painter *p)
{
	if (p->colour)
		fputs("\033[0m", stdout);
}

static void put(const struct painter *p, enum paint paint, const char *text)
{
	begin(p, paint);
	fputs(text, stdout);
	end(p);
}

static void indent(long depth)
{
	for (long i = 0; i < depth; i++)
		fputs("  ", stdout);
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

static void put_place(const struct painter *p, const struct node *n)
{
	const struct symbol *s = NULL;

	if (p->symbols && n->kind == NODE_CALL)
		s = symbols_find(p->symbols, n->name);
	if (!s)
		return;
	begin(p, DIM);
	printf("  %s:%d", s->path, s->line);
	end(p);
}

/* Of a group of several, the group's own line says it, unless the call is
 * shown on its own. */
static void put_times(const struct painter *p, const struct node *n,
		      bool alone)
{
	if (p->view->unfold || n->times < 2 || (n->group > 1 && !alone) ||
	    (alone && p->view->nth))
		return;
	begin(p, YELLOW);
	printf(" × %u%s", n->times,
	       tree_group_alike(n) ? "" : ", the first shown");
	end(p);
}

static void put_line(const struct painter *p, const struct node *n,
		     bool alone)
{
	put(p, n->kind == NODE_SYSCALL ? BOLD :
	    n->kind == NODE_EVENT ? YELLOW : PLAIN, n->name);
	begin(p, DIM);
	printf("(%s)", n->args);
	end(p);
	put_result(p, n);
	put_times(p, n, alone);
	put_place(p, n);
	putchar('\n');
}

static void put_node(const struct painter *p, const struct node *n,
		     long depth, long level);

/* A group of several siblings that repeats gets a line of its own. */
static void put_children(const struct painter *p, const struct node *n,
			 long depth, long level)
{
	unsigned int left = 0;	/* of a group */

	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (c->hidden && !p->view->unfold)
			continue;
		if (c->leader && c->group > 1 && !p->view->unfold) {
			indent(depth);
			begin(p, YELLOW);
			printf("× %u, the first round of these %u:\n",
			       c->times, c->group);
			end(p);
			left = c->group;
		}
		put_node(p, c, depth + (left > 0), level);
		left -= left > 0;
	}
}

static void put_node(const struct painter *p, const struct node *n,
		     long depth, long level)
{
	indent(depth);
	put_line(p, n, level == 0 && !view_is_whole(p->view));
	if (p->view->depth && level >= p->view->depth) {
		if (n->children) {
			indent(depth + 1);
			begin(p, DIM);
			printf("… %lu below\n", tree_count(n));
			end(p);
		}
		return;
	}
	put_children(p, n, depth + 1, level + 1);
}

static void put_thread(const struct painter *p, const struct thread *t)
{
	begin(p, YELLOW);
	printf("thread %s\n", t->name);
	end(p);
}

static void put_whole(const struct painter *p, struct capture *c)
{
	for (unsigned int i = 0; i < c->threads; i++) {
		if (c->threads > 1)
			put_thread(p, &c->thread[i]);
		if (!p->view->unfold)
			tree_fold(&c->thread[i].root);
		put_children(p, &c->thread[i].root, 0, 0);
	}
}

/* A call that was selected; of several threads, says whose it is. */
static void put_selected(struct node *n, void *data)
{
	struct painter *p = data;
	const struct thread *t = p->capture->thread;
	const struct node *root = n;

	while (root->parent)
		root = root->parent;
	while (&t->root != root)
		t++;
	if (p->capture->threads > 1 && t != p->thread)
		put_thread(p, t);
	p->thread = t;
	put_node(p, n, 0, 0);
}

static void put_header(const struct painter *p, const struct capture *c)
{
	begin(p, DIM);
	printf("%s: %s, Linux %.*s, mode %s, %lu records\n", c->file,
	       capture_header(c, "program") ?: "?",
	       (int)strcspn(capture_header(c, "kernel") ?: "?", " "),
	       capture_header(c, "kernel") ?: "?",
	       capture_header(c, "mode") ?: "?", c->records);
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
"  --function NAME   only the calls of this function, and what they call\n"
"  --nth N           only the Nth of those\n"
"  --depth N         N levels below each; 0, the default: all\n"
"  --unfold          print repeated calls one by one\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --color WHEN      always, never, or auto: on a terminal, unless\n"
"                    NO_COLOR is set\n";

static bool want_colour(const char *when)
{
	if (!strcmp(when, "always"))
		return true;
	if (!strcmp(when, "never"))
		return false;
	if (strcmp(when, "auto"))
		die(KVT_USAGE, "--color takes always, never or auto, not"
		    " '%s'", when);
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}

int cmd_show(int argc, char **argv)
{
	static const struct option options[] = {
		{ "depth", required_argument, NULL, 'd' },
		{ "function", required_argument, NULL, 'f' },
		{ "syscall", required_argument, NULL, 's' },
		{ "nth", required_argument, NULL, 'n' },
		{ "unfold", no_argument, NULL, 'u' },
		{ "symbols", required_argument, NULL, 'y' },
		{ "color", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *symbols = getenv("KVT_SYMBOLS"), *colour = "auto";
	struct view view = { .depth = 0 };
	struct painter p = { .view = &view };
	struct capture *c;
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		if (view_option(&view, opt, optarg))
			continue;
		if (opt == 'y') {
			symbols = optarg;
		} else if (opt == 'c') {
			colour = optarg;
		} else {
			fputs(opt == 'h' ? show_help : "", stdout);
			return opt == 'h' ? KVT_OK : KVT_USAGE;
		}
	}
	if (optind != argc - 1)
		die(KVT_USAGE, "show takes one capture; see"
		    " 'kvt show --help'");
	p.colour = want_colour(colour);
	if (symbols)
		p.symbols = symbols_load(symbols);
	p.capture = c = capture_read(argv[optind]);
	put_header(&p, c);
	if (view_is_whole(&view))
		put_whole(&p, c);
	else if (!tree_select(c, &view, put_selected, &p))
		tree_nothing(c, &view);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
