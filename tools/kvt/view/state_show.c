// SPDX-License-Identifier: MIT
/* kvt state: what is there at a moment of a capture. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/call_args.h"
#include "view/identity.h"
#include "view/json_call.h"
#include "view/moments.h"
#include "view/object_ref.h"
#include "view/options.h"
#include "view/state.h"

/* What is printed: the state, and what its calls are called. */
struct state_view {
	const struct capture *capture;
	/* The moment; both NULL: the end. */
	const struct node *until, *before;
	struct state *state;
	struct identities *identities;
};

/* --- which moment ----------------------------------------------------- */

struct chosen_call {
	const struct node *call;
};

static void choose_call(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct chosen_call *chosen = data;

	(void)depth, (void)level, (void)times, (void)below;
	chosen->call = chosen->call ?: n;
}

static void ignore_leave(void *data, const struct node *n, long depth)
{
	(void)data, (void)n, (void)depth;
}

static void ignore_thread(void *data, const struct thread *t)
{
	(void)data, (void)t;
}

/* The call that the view asks for, the first if it does not say which; NULL
 * if it asks for none. */
static const struct node *find_until(const struct capture *c,
				     const struct view *asked)
{
	static const struct tree_ops ops = {
		.thread = ignore_thread, .enter = choose_call,
		.leave = ignore_leave,
	};
	struct chosen_call chosen = { .call = NULL };
	struct view view = *asked;

	if (tree_shows_all(asked))
		return NULL;
	view.nth = view.nth ?: 1;
	view.traced = view.unfold = true;
	tree_walk(c, &view, &ops, &chosen);
	return chosen.call;
}

/* The call that begins in a line of the capture; NULL if LINE is 0. */
static const struct node *find_before(const struct capture *c,
				      const struct call_moment *order,
				      unsigned long line)
{
	if (!line)
		return NULL;
	for (ptrdiff_t i = 0; i < arrlen(order); i++)
		if (!order[i].ends && order[i].call->line == line)
			return order[i].call;
	die(KVT_USAGE, "%s has no call that begins in line %lu", c->file, line);
}

static struct call_moment *order_of(const struct capture *c,
				    const char *turns)
{
	if (turns)
		return moments_by_turns(c, turns);
	if (c->threads > 1)
		die(KVT_USAGE, "%s has %u threads: --turns says how they took"
		    " turns, see 'kvt turns --help'", c->file, c->threads);
	return c->threads ? moments_of_thread(&c->thread[0]) : NULL;
}

/* --- JSON ------------------------------------------------------------- */

/* The line of the program that led to N. */
static const char *line_that_led_to(const struct node *n)
{
	while (n && n->kind != NODE_SYSCALL)
		n = n->parent;
	return n ? n->place : NULL;
}

static void add_shown_call(struct json_object *o, const char *key,
		     const struct state_view *v, const struct node *n)
{
	struct json_object *call = json_object_new_object();
	char *link, *title;

	if (!n) {
		json_object_put(call);
		return;
	}
	link = identity_link(v->identities, v->capture, n);
	title = call_title(n);
	json_add_text(call, "call", title);
	json_add_number(call, "line", n->line);
	json_add_text(call, "link", link);
	json_add_place(call, n);
	if (line_that_led_to(n))
		json_add_text(call, "program", line_that_led_to(n));
	json_add(o, key, call);
	free(title);
	free(link);
}

static void add_name(struct json_object *o, const char *key,
		     const struct state_object *object)
{
	if (object)
		json_add_text(o, key, object->name);
}

static struct json_object *fds_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (ptrdiff_t i = 0; i < arrlen(v->state->fd); i++) {
		const struct state_fd *fd = &v->state->fd[i];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "name", fd->name);
		json_add_text(o, "kind", strchr(fd->name, ':') + 1);
		add_shown_call(o, "made", v, fd->made);
		add_name(o, "file", fd->file);
		add_shown_call(o, "file_shown", v, fd->file_call);
		add_name(o, "object", fd->object);
		add_shown_call(o, "object_shown", v, fd->object_call);
		add_name(o, "made_on", fd->made_on);
		add_shown_call(o, "closed", v, state_fd_closed(fd));
		json_object_array_add(all, o);
	}
	return all;
}

/* The objects that the calls around an object's first one were given, the
 * nearest first. */
static struct json_object *around_as_json(const struct state *s,
					  const struct state_object *object)
{
	struct json_object *all = json_object_new_array();
	struct object_ref r;

	for (const struct node *n = object->first; n && n->name; n = n->parent)
		for (const char *p = n->args; p && (p = object_ref_next(p, &r)); ) {
			char *name = xasprintf("%.*s", (int)r.size, r.type);
			struct state_object *o = state_object_named(s, name);

			if (o && o != object)
				json_object_array_add(all, json_text(name));
			free(name);
		}
	return all;
}

static struct json_object *objects_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (const struct state_object *o = v->state->object; o;
	     o = o->hh.next) {
		struct json_object *object = json_object_new_object();

		json_add_text(object, "name", o->name);
		json_add_text(object, "type", o->type);
		add_shown_call(object, "first", v, o->first);
		json_add(object, "inside", around_as_json(v->state, o));
		add_shown_call(object, "ended", v, o->ended);
		json_object_array_add(all, object);
	}
	return all;
}

static struct json_object *pairs_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (const struct state_pair *p = v->state->pair; p; p = p->hh.next) {
		struct json_object *pair = json_object_new_object();

		json_add_text(pair, "a", p->a->name);
		json_add_text(pair, "b", p->b->name);
		add_shown_call(pair, "shown", v, p->call);
		json_object_array_add(all, pair);
	}
	return all;
}

static struct json_object *mappings_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (ptrdiff_t i = 0; i < arrlen(v->state->mapping); i++) {
		const struct state_mapping *m = &v->state->mapping[i];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "name", m->address);
		json_add_text(o, "length", m->length);
		json_add_text(o, "offset", m->offset);
		json_add_text(o, "fd", m->fd);
		add_name(o, "object", m->object);
		add_shown_call(o, "made", v, m->made);
		add_shown_call(o, "gone", v, m->gone);
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *slots_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (ptrdiff_t i = 0; i < arrlen(v->state->slot); i++) {
		const struct state_slot *slot = &v->state->slot[i];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "slot", slot->slot);
		json_add_text(o, "flags", slot->flags);
		json_add_text(o, "guest_phys_addr", slot->base);
		json_add_text(o, "memory_size", slot->size);
		json_add_text(o, "userspace_addr", slot->address);
		add_name(o, "object", slot->vm);
		add_shown_call(o, "set", v, slot->set);
		add_shown_call(o, "gone", v, slot->gone ?: slot->vm ? slot->vm->ended
							      : NULL);
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *faults_as_json(const struct state_view *v)
{
	struct json_object *all = json_object_new_array();

	for (ptrdiff_t i = 0; i < arrlen(v->state->fault); i++) {
		const struct state_fault *fault = &v->state->fault[i];
		struct json_object *o = json_object_new_object();
		struct arg_value memslot;

		json_add_args(o, fault->event);
		add_shown_call(o, "fault", v, fault->event);
		add_shown_call(o, "handled", v, fault->call);
		if (fault->call && arg_named(fault->call->args, "memslot",
					     &memslot))
			json_add(o, "memslot", json_text_part(memslot.text,
							      memslot.size));
		json_object_array_add(all, o);
	}
	return all;
}

static void print_state_as_json(const struct state_view *v)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "program", capture_header(v->capture, "program"));
	json_add_text(o, "mode", capture_header(v->capture, "mode"));
	add_shown_call(o, "after", v, v->until);
	add_shown_call(o, "before", v, v->before);
	json_add(o, "descriptors", fds_as_json(v));
	json_add(o, "mappings", mappings_as_json(v));
	json_add(o, "objects", objects_as_json(v));
	json_add(o, "pairs", pairs_as_json(v));
	json_add(o, "slots", slots_as_json(v));
	json_add(o, "faults", faults_as_json(v));
	json_print(stdout, o, JSON_LINE);
	putchar('\n');
}

/* --- text ------------------------------------------------------------- */

static void print_since(const struct node *n, const char *verb)
{
	char *title = call_title(n);

	printf("  %s in %s (line %u)\n", verb, title, n->line);
	free(title);
}

static void print_program(const struct state *s)
{
	puts("descriptors");
	for (ptrdiff_t i = 0; i < arrlen(s->fd); i++) {
		const struct state_fd *fd = &s->fd[i];

		if (state_fd_closed(fd))
			continue;
		printf("  %-12s %-8s %-10s", fd->name,
		       fd->file ? fd->file->name : "",
		       fd->object ? fd->object->name : "");
		print_since(fd->made, "made");
	}
	for (ptrdiff_t i = 0; i < arrlen(s->mapping); i++) {
		const struct state_mapping *m = &s->mapping[i];

		if (m->gone)
			continue;
		printf("  %-12s %s bytes of %s", m->address, m->length, m->fd);
		print_since(m->made, "mapped");
	}
}

static void print_objects(const struct state *s)
{
	puts("objects");
	for (const struct state_object *o = s->object; o; o = o->hh.next) {
		if (o->ended)
			continue;
		printf("  %-32s", o->name);
		print_since(o->first, "first seen");
	}
	for (ptrdiff_t i = 0; i < arrlen(s->slot); i++) {
		const struct state_slot *slot = &s->slot[i];

		if (slot->gone || (slot->vm && slot->vm->ended))
			continue;
		printf("  slot %-8s %s + %s at %s", slot->slot, slot->base,
		       slot->size, slot->address);
		print_since(slot->set, "set");
	}
}

static const char state_help[] =
"usage: kvt state [OPTION]... CAPTURE\n"
"\n"
"Prints what is there at a moment of a capture: the program's descriptors and\n"
"mappings, and the kernel's objects, those whose end kvt knows.  The moment is\n"
"the end of the call that the options choose, the first of them if --nth does\n"
"not say which; without options, the end of the capture.\n"
"\n"
"  --syscall, --at, --function, --nth, --depth   as in `kvt show`\n"
"  --before LINE instead: right before the call in that line of the capture\n"
"  --turns FILE  how several threads took turns, as `kvt turns` printed it\n"
"  --json        an object, also with what is gone, which calls show what\n"
"                hangs together, the guest's memory and its faults\n";

struct state_options {
	const char *turns;
	unsigned long before;	/* a line of the capture; 0: not asked for */
	bool json;
};

static void take_state_option(void *data, int opt, const char *value)
{
	struct state_options *o = data;

	if (opt == 't')
		o->turns = value;
	else if (opt == 'b')
		o->before = parse_number("--before", value, 1, 1000000000);
	else
		o->json = true;
}

static void show_state(struct capture *c, const struct view *asked,
		       const struct state_options *o)
{
	struct call_moment *order = order_of(c, o->turns);
	struct state_view v = { .capture = c };

	if (o->before && !tree_shows_all(asked))
		die(KVT_USAGE, "--before LINE is a moment of its own: it takes"
		    " no other call");
	v.before = find_before(c, order, o->before);
	v.until = v.before ? NULL : find_until(c, asked);
	v.state = state_at(order, v.until, v.before);
	if (o->json) {
		v.identities = identities_of(c);
		print_state_as_json(&v);
		identities_free(v.identities);
	} else {
		print_program(v.state);
		print_objects(v.state);
	}
	state_free(v.state);
	arrfree(order);
}

int cmd_state(int argc, char **argv)
{
	static const struct option own[] = {
		{ "turns", required_argument, NULL, 't' },
		{ "before", required_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_CALLS | TAKE_NTH, .own = own,
		.take = take_state_option, .help = state_help,
	};
	struct options shared = { .open = 0 };
	struct state_options o = { .json = false };
	int status = options_parse(&shared, &options, &o, argc, argv);
	struct capture *c;

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "state takes one capture; see"
		    " 'kvt state --help'");
	c = capture_read(argv[optind]);
	show_state(c, &shared.view, &o);
	capture_free(c);
	close_file(stdout, "standard output");
	return KVT_OK;
}
