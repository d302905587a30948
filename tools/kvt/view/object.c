// SPDX-License-Identifier: MIT
/* kvt object: the objects of a capture, and the calls that touched one. */
#define _GNU_SOURCE
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "kernel/ends.h"
#include "view/object_ref.h"
#include "view/options.h"
#include "view/show.h"

/* As it stands in a capture: "vcpu#0", perhaps with "+0x10" behind it. */
struct named_object {
	const char *type;	/* not terminated */
	size_t length;		/* of the type */
	unsigned long number;
	unsigned int first;	/* lines of the capture that have it */
	unsigned int last;
	unsigned long calls;
};

/* The next object named in TEXT; returns what is behind it, or NULL. */
static const char *next_object(const char *text, struct named_object *o)
{
	struct object_ref ref;
	const char *behind = object_ref_next(text, &ref);

	if (!behind)
		return NULL;
	o->type = ref.type;
	o->length = ref.length;
	o->number = ref.number;
	return behind;
}

static bool is_type(const struct named_object *o, const char *type,
		    size_t length)
{
	return o->length == length && !memcmp(o->type, type, length);
}

static bool mentions(const char *text, const struct named_object *wanted)
{
	struct named_object o;

	while (text && (text = next_object(text, &o)))
		if (o.number == wanted->number &&
		    is_type(&o, wanted->type, wanted->length))
			return true;
	return false;
}

static bool touches(const struct node *n, const struct named_object *o)
{
	return mentions(n->args, o) || mentions(n->result, o);
}

/* --- all objects ---------------------------------------------------- */

static int by_type_and_number(const void *a, const void *b)
{
	const struct named_object *x = a, *y = b;
	size_t shorter = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->type, y->type, shorter);

	if (!order && x->length != y->length)
		order = x->length < y->length ? -1 : 1;
	if (!order && x->number != y->number)
		order = x->number < y->number ? -1 : 1;
	return order;
}

/* Where the object of TREE like LIKE is; a new one if it has none. */
static struct named_object *find_or_add(void **tree,
					const struct named_object *like)
{
	struct named_object **slot = tsearch(like, tree, by_type_and_number);

	if (!slot)
		die(KVT_FAILED, "out of memory");
	if (*slot == like) {
		*slot = xcalloc(1, sizeof(**slot));
		**slot = *like;
	}
	return *slot;
}

/* BEFORE: what of the same call has been counted. */
static void count_text(void **tree, const char *text, const char *before,
		       unsigned int line)
{
	struct named_object o = { .calls = 0 };

	for (const char *p = text; p && (p = next_object(p, &o)); ) {
		struct named_object *known = find_or_add(tree, &o);
		bool again = mentions(before, &o);

		/* In this very text, too: "from=vcpu#0, to=vcpu#0+0x8". */
		for (const char *q = text; !again; ) {
			struct named_object x = { .calls = 0 };

			q = next_object(q, &x);
			if (q == p)
				break;
			again = !by_type_and_number(&x, &o);
		}
		known->calls += !again;
		if (!known->first)
			known->first = line;
		known->last = line;
	}
}

/* Where a call with others inside it has its result. */
static unsigned int last_line_of(const struct node *n)
{
	return n->children ? last_line_of(n->child[n->children - 1]) + 1
			   : n->line;
}

static void count_objects(void **tree, const struct node *n)
{
	if (n->args)
		count_text(tree, n->args, NULL, n->line);
	for (unsigned int i = 0; i < n->children; i++)
		count_objects(tree, n->child[i]);
	if (n->result)
		count_text(tree, n->result, n->args, last_line_of(n));
}

struct listing {
	const char *type;	/* only these; NULL: all */
	bool any;
};

static void list_object(const void *slot, VISIT visit, void *data)
{
	const struct named_object *o = *(const struct named_object *const *)slot;
	struct listing *l = data;
	char *name;

	if (visit != postorder && visit != leaf)
		return;
	if (l->type && !is_type(o, l->type, strlen(l->type)))
		return;
	if (!l->any)
		printf("%-24s  first line  last line  calls\n", "object");
	l->any = true;
	name = xasprintf("%.*s#%lu", (int)o->length, o->type, o->number);
	printf("%-24s  %10u  %9u  %5lu\n", name, o->first, o->last,
	       o->calls);
	free(name);
}

/* --- objects that are not there ------------------------------------- */

struct nearest {
	const struct named_object *wanted;
	const struct named_object *lowest, *highest;	/* of its type */
	const struct named_object *type;		/* that was named last */
	char *types;
};

static void find_nearest(const void *slot, VISIT visit, void *data)
{
	const struct named_object *o = *(const struct named_object *const *)slot;
	struct nearest *n = data;
	char *types;

	if (visit != postorder && visit != leaf)
		return;
	if (is_type(o, n->wanted->type, n->wanted->length)) {
		if (!n->lowest)
			n->lowest = o;
		n->highest = o;
	}
	if (n->type && is_type(o, n->type->type, n->type->length))
		return;
	types = xasprintf("%s%s%.*s", n->types, *n->types ? ", " : "",
			  (int)o->length, o->type);
	free(n->types);
	n->types = types;
	n->type = o;
}

static void refuse_object(const struct capture *c, void *tree,
		   const struct named_object *wanted, const char *text)
	__attribute__((noreturn));

static void refuse_object(const struct capture *c, void *tree,
		   const struct named_object *wanted, const char *text)
{
	struct nearest n = { .wanted = wanted, .types = xstrdup("") };

	twalk_r(tree, find_nearest, &n);
	if (n.lowest && n.lowest != n.highest)
		die(KVT_USAGE, "%s has no %s; it has %.*s#%lu to"
		    " %.*s#%lu", c->file, text, (int)wanted->length,
		    wanted->type, n.lowest->number, (int)wanted->length,
		    wanted->type, n.highest->number);
	if (n.lowest)
		die(KVT_USAGE, "%s has no %s; it has only %.*s#%lu",
		    c->file, text, (int)wanted->length, wanted->type,
		    n.lowest->number);
	die(KVT_USAGE, "%s has no %s; its objects are of the types: %s",
	    c->file, text, *n.types ? n.types : "none");
}

/* --- the calls that touched one ------------------------------------- */

struct life {
	struct named_object object;
	const struct node *first, *end;
};

/* The first in time: a result is there after all that the call called. */
static const struct node *first_touching(const struct node *n,
				     const struct named_object *o)
{
	const struct node *first = NULL;

	if (mentions(n->args, o))
		return n;
	for (unsigned int i = 0; i < n->children && !first; i++)
		first = first_touching(n->child[i], o);
	return first ?: mentions(n->result, o) ? n : NULL;
}

/* Does the call destroy the object? */
static bool ends_object(const struct node *n, const struct named_object *o)
{
	const struct object_end *e;

	if (!n->name || n->kind != NODE_CALL)
		return false;
	for (e = object_ends; e->function; e++)
		if (always_ends_argument(e) && !strcmp(n->name, e->function) &&
		    is_type(o, e->type, strlen(e->type)))
			return mentions(n->args, o);
	return false;
}

static const struct node *ending_call(const struct node *n,
				   const struct named_object *o)
{
	const struct node *end = ends_object(n, o) ? n : NULL;

	for (unsigned int i = 0; i < n->children && !end; i++)
		end = ending_call(n->child[i], o);
	return end;
}

/* Takes away what did not touch the object and leads to nothing that did;
 * the capture still frees it.  Says whether anything is left. */
static bool prune(struct node *n, const struct named_object *o)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < n->children; i++)
		if (prune(n->child[i], o))
			n->child[kept++] = n->child[i];
	n->children = kept;
	return kept || (n->name && touches(n, o));
}

static const char *mark_touching(void *data, const struct node *n)
{
	const struct life *life = data;

	if (!touches(n, &life->object))
		return NULL;
	return n == life->first && n == life->end ?
			"  ← first seen and destroyed" :
	       n == life->first ? "  ← first seen" :
	       n == life->end ? "  ← destroyed" : "";
}

static void print_object_summary(const struct life *life,
				 const struct named_object *known,
				 const char *text)
{
	printf("%s: %lu call%s touched it, marked *; first seen in %s"
	       " (line %u)", text, known->calls,
	       known->calls == 1 ? "" : "s", life->first->name,
	       known->first);
	if (life->end)
		printf(", destroyed in %s (line %u)\n", life->end->name,
		       life->end->line);
	else
		printf(", last in line %u\n", known->last);
}

static void show_object(struct capture *c, void *tree, const char *text,
			const struct view *view, struct painter *p)
{
	struct life life = { .first = NULL };
	const char *behind = next_object(text, &life.object);
	struct named_object **known;

	/* Nothing but an object's name; or one that only looks like it. */
	if (!behind || *behind || life.object.type != text) {
		life.object.type = text;
		life.object.length = strcspn(text, "#");
		refuse_object(c, tree, &life.object, text);
	}
	known = tfind(&life.object, &tree, by_type_and_number);
	if (!known)
		refuse_object(c, tree, &life.object, text);
	for (unsigned int i = 0; i < c->threads; i++) {
		struct node *root = &c->thread[i].root;

		life.first = life.first ?: first_touching(root, &life.object);
		life.end = life.end ?: ending_call(root, &life.object);
	}
	show_header(p, c);
	print_object_summary(&life, *known, text);
	for (unsigned int i = 0; i < c->threads; i++)
		prune(&c->thread[i].root, &life.object);
	p->mark = mark_touching;
	p->data = &life;
	view_prepare(c, view);
	tree_walk(c, view, &show_ops, p);
}

static const char object_help[] =
"usage: kvt object [OPTION]... CAPTURE [OBJECT | TYPE]\n"
"\n"
"Prints each call that touched an object such as vcpu#0: that has it, or a\n"
"place in it (vcpu#0+0x10), among its arguments or as its result.  These\n"
"calls are marked *; the calls on the way to them are there to show where\n"
"each stands.  Without OBJECT, lists all objects: which lines of the\n"
"capture have them first and last, and how many calls touched them; with a\n"
"TYPE (vcpu), those of the type.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth, --unfold   as in `kvt show`,\n"
"                    of the calls that are left\n"
"  --symbols TSV     where the functions are (default: $KVT_SYMBOLS)\n"
"  --color WHEN      always, never or auto, as in `kvt show`\n"
"\n"
"Calls of the same shape in a row are printed once: --unfold prints each.\n"
"With several threads, the first call is that of the first thread.\n";

static void list_objects(struct capture *c, void *tree, const char *type)
{
	struct listing l = { .type = type };
	struct named_object wanted = { .type = type };

	twalk_r(tree, list_object, &l);
	if (l.any)
		return;
	if (type) {
		wanted.length = strlen(type);
		refuse_object(c, tree, &wanted, type);
	}
	puts("(no call has an object among its arguments or as its result)");
}

static int object(const char *file, const char *text, struct options *o,
		  struct painter *p)
{
	struct capture *c = capture_read(file);
	void *tree = NULL;

	p->symbols = options_symbols(o, c);

	for (unsigned int i = 0; i < c->threads; i++)
		count_objects(&tree, &c->thread[i].root);
	if (text && strchr(text, '#'))
		show_object(c, tree, text, &o->view, p);
	else
		list_objects(c, tree, text);
	tdestroy(tree, free);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}

int cmd_object(int argc, char **argv)
{
	static const struct command_options options = {
		.takes = TAKE_VIEW | TAKE_SYMBOLS | TAKE_COLOUR,
		.help = object_help,
	};
	struct options o = { .open = 0 };
	struct painter p = { .colour = false };
	int status = options_parse(&o, &options, NULL, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1 && optind != argc - 2)
		die(KVT_USAGE, "object takes a capture and perhaps an object;"
		    " see 'kvt object --help'");
	p.colour = o.colour;
	status = object(argv[optind], argv[optind + 1], &o, &p);
	options_free(&o);
	return status;
}
