// SPDX-License-Identifier: MIT
/*
 * kvt export --format json: the trees themselves, folded as `kvt show` folds
 * them.  Each call is an object with an array of its calls; a call of the
 * first level is printed and forgotten as soon as it ends.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "kernel/symbols.h"
#include "view/export.h"
#include "view/json_call.h"
#include "view/json_header.h"

struct json_trees {
	struct json_object **open;	/* calls and groups: stb_ds */
	const struct thread *thread;	/* the last one that began */
	bool later;			/* the next element needs a comma */
};

static void json_begin(struct export *e)
{
	e->own = xcalloc(1, sizeof(struct json_trees));
	fputs("{\"header\":", e->out);
	json_print(e->out, json_header(e->c), JSON_LINE);
	fprintf(e->out, ",\n\"records\":%lu,\n\"threads\":[", e->c->records);
}

/* Leaves out a thread without calls. */
static void begin_thread(struct export *e)
{
	struct json_trees *t = e->own;
	struct json_object *name;

	if (t->thread == e->thread)
		return;
	fputs(t->thread ? "\n]},\n{\"thread\":" : "\n{\"thread\":", e->out);
	name = json_text(e->thread->name);
	json_print(e->out, name, JSON_LINE);
	fputs(",\"calls\":[", e->out);
	t->thread = e->thread;
	t->later = false;
}

static void open_object(struct export *e, struct json_object *o)
{
	struct json_trees *t = e->own;

	begin_thread(e);
	arrput(t->open, o);
}

/* Ends the innermost open object. */
static void close_object(struct export *e)
{
	struct json_trees *t = e->own;
	struct json_object *o = arrpop(t->open), *in, *calls;

	if (!arrlen(t->open)) {
		fputs(t->later ? ",\n" : "\n", e->out);
		json_print(e->out, o, JSON_LINE);
		t->later = true;
		return;
	}
	in = arrlast(t->open);
	if (!json_object_object_get_ex(in, "calls", &calls)) {
		calls = json_object_new_array();
		json_add(in, "calls", calls);
	}
	json_object_array_add(calls, o);
}

static void json_group(void *data, const struct node *first, long depth)
{
	struct json_object *o = json_object_new_object();

	(void)depth;
	json_add_text(o, "kind", "group");
	json_add_number(o, "times", first->times);
	open_object(data, o);
}

static void json_group_end(void *data, long depth)
{
	(void)depth;
	close_object(data);
}

static void add_source(struct json_object *o, const struct export *e,
		       const struct node *n)
{
	const struct symbol *s = NULL;
	char *place;

	if (e->symbols && (n->kind == NODE_CALL || is_level(n)))
		s = symbols_find(e->symbols, n->name);
	if (!s)
		return;
	place = xasprintf("%s:%d", s->path, s->line);
	json_add_text(o, "source", place);
	free(place);
}

static void json_enter(void *data, const struct node *n, long depth,
		       long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct json_object *o = json_object_new_object();
	const struct record_time *m;

	(void)depth;
	(void)level;
	record_clock_enter(&e->clock, n);
	m = record_clock_now(&e->clock, n);
	json_add_text(o, "kind", call_kind(n));
	json_add_text(o, "name", n->name);
	json_add_number(o, "line", n->line);
	if (!is_level(n))
		json_add_number(o, "record", e->clock.number);
	add_source(o, e, n);
	json_add_place(o, n);
	if (!is_level(n)) {
		json_add_text(o, "text", n->args);
		json_add_args(o, n);
		json_add_result(o, n);
	}
	if (m) {
		json_add_number(o, "start_ns", m->start);
		json_add_number(o, "duration_ns", m->duration);
		json_add_number(o, "cpu", m->cpu);
	}
	if (times > 1) {
		json_add_number(o, "times", times);
		json_add(o, "alike",
			 json_object_new_boolean(tree_group_alike(n)));
	}
	if (below)
		json_add_number(o, "below", below);
	open_object(e, o);
}

static void json_leave(void *data, const struct node *n, long depth)
{
	(void)n;
	(void)depth;
	close_object(data);
}

static void json_end(struct export *e)
{
	struct json_trees *t = e->own;

	fputs(t->thread ? "\n]}\n]}\n" : "]}\n", e->out);
	arrfree(t->open);
	free(t);
}

const struct export_format export_json = {
	.name = "json", .folds = true, .begin = json_begin,
	.ops = { .group = json_group, .group_end = json_group_end,
		 .enter = json_enter, .leave = json_leave },
	.end = json_end,
};
