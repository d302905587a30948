// SPDX-License-Identifier: MIT
/* kvt object: the objects of a capture, and the calls that touched one. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define uthash_malloc(size) xrealloc(NULL, size)
#define uthash_free(p, size) free(p)
#include <uthash.h>

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

/* An object of the capture; its name lives in the capture's text. */
struct counted_object {
	struct object_ref object;
	unsigned int first;	/* lines of the capture that name it */
	unsigned int last;
	unsigned long calls;	/* that touched it */
	UT_hash_handle hh;	/* by the name */
};

static bool is_type(const struct object_ref *o, const char *type,
		    size_t length)
{
	return o->length == length && !memcmp(o->type, type, length);
}

static bool is_same_object(const struct object_ref *a, const struct object_ref *b)
{
	return a->size == b->size && !memcmp(a->type, b->type, a->size);
}

static bool mentions(const char *text, const struct object_ref *wanted)
{
	struct object_ref o;

	while (text && (text = object_ref_next(text, &o)))
		if (is_same_object(&o, wanted))
			return true;
	return false;
}

static bool touches(const struct node *n, const struct object_ref *o)
{
	return mentions(n->args, o) || mentions(n->result, o);
}

/* --- all objects ---------------------------------------------------- */

static int by_type_and_number(const struct counted_object *a,
			      const struct counted_object *b)
{
	const struct object_ref *x = &a->object, *y = &b->object;
	size_t shorter = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->type, y->type, shorter);

	if (!order && x->length != y->length)
		order = x->length < y->length ? -1 : 1;
	if (!order && x->number != y->number)
		order = x->number < y->number ? -1 : 1;
	return order;
}

static struct counted_object *find_known(struct counted_object *all,
				       const struct object_ref *o)
{
	struct counted_object *k;

	HASH_FIND(hh, all, o->type, o->size, k);
	return k;
}

static struct counted_object *find_or_add(struct counted_object **all,
					const struct object_ref *o)
{
	struct counted_object *k = find_known(*all, o);

	if (!k) {
		k = xcalloc(1, sizeof(*k));
		k->object = *o;
		HASH_ADD_KEYPTR(hh, *all, k->object.type, o->size, k);
	}
	return k;
}

/* Counts a call once, however often it names an object.  BEFORE: the text of
 * the same call that has been counted. */
static void count_text(struct counted_object **all, const char *text,
		       const char *before, unsigned int line)
{
	struct object_ref o, x = { .size = 0 };

	for (const char *p = text; p && (p = object_ref_next(p, &o)); ) {
		struct counted_object *known = find_or_add(all, &o);
		bool again = mentions(before, &o);

		/* One text may name it twice: "from=vcpu#0, to=vcpu#0+0x8". */
		for (const char *q = text; !again; ) {
			q = object_ref_next(q, &x);
			if (q == p)
				break;
			again = is_same_object(&x, &o);
		}
		known->calls += !again;
		if (!known->first)
			known->first = line;
		known->last = line;
	}
}

/* The line with the call's result: a call with children has it at their end. */
static unsigned int last_line_of(const struct node *n)
{
	return n->children ? last_line_of(n->child[n->children - 1]) + 1
			   : n->line;
}

static void count_calls(struct counted_object **all, const struct node *n)
{
	if (n->args)
		count_text(all, n->args, NULL, n->line);
	for (unsigned int i = 0; i < n->children; i++)
		count_calls(all, n->child[i]);
	if (n->result)
		count_text(all, n->result, n->args, last_line_of(n));
}

/* Counts all objects of the capture, and sorts them. */
static struct counted_object *count_objects(const struct capture *c)
{
	struct counted_object *all = NULL;

	for (unsigned int i = 0; i < c->threads; i++)
		count_calls(&all, &c->thread[i].root);
	HASH_SRT(hh, all, by_type_and_number);
	return all;
}

static void forget_objects(struct counted_object *all)
{
	struct counted_object *k, *next;

	HASH_ITER(hh, all, k, next) {
		HASH_DEL(all, k);
		free(k);
	}
}

static void print_known(const struct counted_object *k)
{
	char *name = xasprintf("%.*s", (int)k->object.size, k->object.type);

	printf("%-24s  %10u  %9u  %5lu\n", name, k->first, k->last, k->calls);
	free(name);
}

/* --- objects that the capture does not have ------------------------- */

/* Names the types of all objects, each once; they are sorted. */
static char *list_types(const struct counted_object *all)
{
	const struct object_ref *last = NULL;
	char *types = xstrdup("");

	for (const struct counted_object *k = all; k; k = k->hh.next) {
		const struct object_ref *o = &k->object;
		char *longer;

		if (last && is_type(o, last->type, last->length))
			continue;
		longer = xasprintf("%s%s%.*s", types, last ? ", " : "",
				   (int)o->length, o->type);
		free(types);
		types = longer;
		last = o;
	}
	return types;
}

static void refuse_object(const struct capture *c,
			  const struct counted_object *all,
			  const struct object_ref *wanted, const char *text)
	__attribute__((noreturn));

static void refuse_object(const struct capture *c,
			  const struct counted_object *all,
			  const struct object_ref *wanted, const char *text)
{
	const struct object_ref *lowest = NULL, *highest = NULL;

	for (const struct counted_object *k = all; k; k = k->hh.next)
		if (is_type(&k->object, wanted->type, wanted->length)) {
			lowest = lowest ?: &k->object;
			highest = &k->object;
		}
	if (lowest && lowest != highest)
		die(KVT_USAGE, "%s has no %s; it has %.*s to %.*s", c->file,
		    text, (int)lowest->size, lowest->type,
		    (int)highest->size, highest->type);
	if (lowest)
		die(KVT_USAGE, "%s has no %s; it has only %.*s", c->file, text,
		    (int)lowest->size, lowest->type);
	die(KVT_USAGE, "%s has no %s; its objects are of the types: %s",
	    c->file, text, all ? list_types(all) : "none");
}

/* --- the calls that touched one ------------------------------------- */

struct life {
	struct object_ref object;
	const struct node *first, *end;
};

/* The first call to touch it, in time: a call returns after its children. */
static const struct node *first_touching(const struct node *n,
				     const struct object_ref *o)
{
	const struct node *first = NULL;

	if (mentions(n->args, o))
		return n;
	for (unsigned int i = 0; i < n->children && !first; i++)
		first = first_touching(n->child[i], o);
	return first ?: mentions(n->result, o) ? n : NULL;
}

/* Does the call destroy the object? */
static bool ends_object(const struct node *n, const struct object_ref *o)
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
				   const struct object_ref *o)
{
	const struct node *end = ends_object(n, o) ? n : NULL;

	for (unsigned int i = 0; i < n->children && !end; i++)
		end = ending_call(n->child[i], o);
	return end;
}

/* Removes the calls that did not touch the object and lead to none that did;
 * the capture still frees them.  Says whether any call is left. */
static bool prune(struct node *n, const struct object_ref *o)
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
				 const struct counted_object *known,
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

static void show_object(struct capture *c, const struct counted_object *known,
			const char *text, const struct view *view,
			struct painter *p)
{
	struct life life = { .object = known->object };

	for (unsigned int i = 0; i < c->threads; i++) {
		struct node *root = &c->thread[i].root;

		life.first = life.first ?: first_touching(root, &life.object);
		life.end = life.end ?: ending_call(root, &life.object);
	}
	show_header(p, c);
	print_object_summary(&life, known, text);
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

/* TYPE: only these, or NULL. */
static void list_objects(const struct capture *c,
			 const struct counted_object *all, const char *type)
{
	struct object_ref wanted = { .type = type };
	bool any = false;

	for (const struct counted_object *k = all; k; k = k->hh.next) {
		if (type && !is_type(&k->object, type, strlen(type)))
			continue;
		if (!any)
			printf("%-24s  first line  last line  calls\n",
			       "object");
		any = true;
		print_known(k);
	}
	if (any)
		return;
	if (type) {
		wanted.length = strlen(type);
		refuse_object(c, all, &wanted, type);
	}
	puts("(no call has an object among its arguments or as its result)");
}

/* The object that TEXT names, and nothing else with it. */
static const struct counted_object *find_wanted(const struct capture *c,
					      struct counted_object *all,
					      const char *text)
{
	struct object_ref wanted;
	const char *behind = object_ref_next(text, &wanted);
	const struct counted_object *known = NULL;

	if (behind && !*behind && wanted.type == text)
		known = find_known(all, &wanted);
	if (!known) {
		wanted.type = text;
		wanted.length = strcspn(text, "#");
		refuse_object(c, all, &wanted, text);
	}
	return known;
}

static int object(const char *file, const char *text, struct options *o,
		  struct painter *p)
{
	struct capture *c = capture_read(file);
	struct counted_object *all = count_objects(c);

	p->symbols = options_symbols(o, c);
	if (text && strchr(text, '#'))
		show_object(c, find_wanted(c, all, text), text, &o->view, p);
	else
		list_objects(c, all, text);
	forget_objects(all);
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
