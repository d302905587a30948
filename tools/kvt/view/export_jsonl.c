// SPDX-License-Identifier: MIT
/* kvt export --format jsonl: a line per record, a JSON object. */
#include <stdio.h>

#include "base/json.h"
#include "capture/capture.h"
#include "view/export.h"
#include "view/json_call.h"

static void jsonl_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct json_object *o = json_object_new_object();
	const struct record_time *m;

	(void)level;
	(void)times;
	(void)below;
	record_clock_enter(&e->clock, n);
	m = record_clock_now(&e->clock, n);
	if (!is_level(n))
		json_add_number(o, "record", e->clock.number);
	json_add_number(o, "line", n->line);
	json_add_text(o, "thread", e->thread->name);
	json_add_number(o, "depth", depth);
	json_add_text(o, "kind", call_kind(n));
	json_add_text(o, "name", n->name);
	json_add_place(o, n);
	json_add_args(o, n);
	json_add_result(o, n);
	if (m) {
		json_add_number(o, "start_ns", m->start);
		json_add_number(o, "duration_ns", m->duration);
		json_add_number(o, "cpu", m->cpu);
	}
	json_print(e->out, o, JSON_LINE);
	putc('\n', e->out);
}

static void jsonl_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

const struct export_format export_jsonl = {
	.name = "jsonl",
	.ops = { .enter = jsonl_enter, .leave = jsonl_leave },
};
