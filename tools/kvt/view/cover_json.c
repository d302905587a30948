// SPDX-License-Identifier: MIT
/* kvt cover as JSON: all that was counted. */
#include <stdio.h>

#include "base/json.h"
#include "base/vec.h"
#include "view/cover_count.h"
#include "view/cover_print.h"
#include "view/cover_walk.h"

struct cover_files {
	const struct cover *c;
	struct json_object *files;	/* an array */
	struct json_object *functions;	/* the array of the last file */
};

static void add_counts(struct json_object *o, const struct reach_counts *n)
{
	json_add_number(o, "reached", n->state[REACHED]);
	json_add_number(o, "traceable", n->traceable);
	json_add_number(o, "out_of_sight", n->state[OUT_OF_SIGHT]);
	json_add_number(o, "inlined", n->inlined);
	json_add_number(o, "at_el2", n->state[AT_EL2]);
	json_add_number(o, "source", n->all);
}

static void add_file(void *data, const char *path,
		     const struct reach_counts *n)
{
	struct json_object *file = json_object_new_object();
	struct cover_files *f = data;

	json_add_text(file, "path", path);
	add_counts(file, n);
	f->functions = json_object_new_array();
	json_add(file, "functions", f->functions);
	json_object_array_add(f->files, file);
}

static void add_function(void *data, const struct covered *it)
{
	struct cover_files *f = data;
	struct json_object *o = json_object_new_object();
	struct json_object *by = json_object_new_array();

	json_add_text(o, "name", it->s->name);
	json_add_number(o, "line", it->s->line);
	json_add_text(o, "state", cover_state_name[it->state]);
	if (it->inlined)
		json_add(o, "inlined", json_object_new_boolean(true));
	for (size_t i = 0; i < f->c->sources; i++) {
		const struct cover_capture *source = &f->c->source[i];
		struct json_object *caller;

		if (!it->calls[i])
			continue;
		caller = json_object_new_object();
		json_add_text(caller, "program", source->program);
		json_add_text(caller, "mode", source->mode);
		json_add_number(caller, "calls", it->calls[i]);
		json_object_array_add(by, caller);
	}
	json_add(o, "by", by);
	json_object_array_add(f->functions, o);
}

static struct json_object *json_captures(const struct cover *c)
{
	struct json_object *captures = json_object_new_array();

	for (size_t i = 0; i < c->sources; i++) {
		struct json_object *o = json_object_new_object();

		json_add_text(o, "file", c->source[i].file);
		json_add_text(o, "program", c->source[i].program);
		json_add_text(o, "mode", c->source[i].mode);
		json_object_array_add(captures, o);
	}
	return captures;
}

static struct json_object *json_programs(const struct cover *c)
{
	struct json_object *programs = json_object_new_array();

	for (size_t i = 0; i < c->programs; i++) {
		struct json_object *o = json_object_new_object();

		json_add_text(o, "program", c->program[i].name);
		json_add_number(o, "reached", c->program[i].reached);
		json_add_number(o, "first_here", c->program[i].first);
		json_object_array_add(programs, o);
	}
	return programs;
}

static struct json_object *json_peers(const struct cover *c)
{
	struct json_object *peers = json_object_new_array();

	for (long i = 0; i < arrlen(c->peer); i++) {
		const struct cover_peer *p = &c->peer[i];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "who", p->who);
		json_add_text(o, "kernel", p->kernel);
		json_add_number(o, "reached", p->reached);
		json_add_number(o, "traceable", p->traceable);
		json_add_text(o, "how", p->how);
		json_object_array_add(peers, o);
	}
	return peers;
}

void cover_json(const struct cover *c)
{
	static const struct cover_format format = {
		.file = add_file, .function = add_function,
	};
	struct reach_counts n = cover_tally(c->order, c->items);
	struct json_object *all = json_object_new_object();
	struct json_object *total = json_object_new_object();
	struct cover_files f = { .c = c, .files = json_object_new_array() };

	add_counts(total, &n);
	json_add(all, "total", total);
	json_add(all, "beside", json_peers(c));
	json_add(all, "captures", json_captures(c));
	json_add(all, "programs", json_programs(c));
	cover_walk(c, &format, &f);
	json_add(all, "files", f.files);
	json_print(stdout, all, JSON_TREE);
	putchar('\n');
}
