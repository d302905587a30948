// SPDX-License-Identifier: MIT
/*
 * kvt export --format chrome: a trace for Perfetto and chrome://tracing.
 * Each event is an object of its own, so that a long capture takes no more
 * memory than a short one.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "view/export.h"
#include "view/json_call.h"

/* Writes an event that names a process or a thread. */
static struct json_object *name_event(const char *what, unsigned long thread,
				      const char *name)
{
	struct json_object *event = json_object_new_object();
	struct json_object *args = json_object_new_object();

	json_add_text(event, "ph", "M");
	json_add_number(event, "pid", 1);
	json_add_number(event, "tid", thread);
	json_add_text(event, "name", what);
	json_add_text(args, "name", name);
	json_add(event, "args", args);
	return event;
}

/* Writes what the header says about the recording, and the unit of the
 * times. */
static struct json_object *other_data(const struct export *e)
{
	static const char *const key[] = {
		"kernel", "mode", "cpu", "program", "status", "lost",
	};
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++)
		if (capture_header(e->c, key[i]))
			json_add_text(o, key[i], capture_header(e->c, key[i]));
	json_add_text(o, "clock", e->clock.moment ? "time of the recording" :
		      "record numbers, not time: one record is shown as 1 us");
	return o;
}

static void chrome_begin(struct export *e)
{
	fputs("{\"displayTimeUnit\":\"ns\",\n\"otherData\":", e->out);
	json_print(e->out, other_data(e), JSON_LINE);
	fputs(",\n\"traceEvents\":[\n", e->out);
	json_print(e->out, name_event("process_name", 1,
				      capture_header(e->c, "program") ?: "?"),
		   JSON_LINE);
	for (unsigned int i = 0; i < e->c->threads; i++) {
		char *name = xasprintf("thread %s", e->c->thread[i].name);

		fputs(",\n", e->out);
		json_print(e->out, name_event("thread_name", i + 1, name),
			   JSON_LINE);
		free(name);
	}
}

/* Times are in microseconds, to the nanosecond; record numbers are whole. */
static void add_microseconds(struct json_object *o, const char *key,
			     uint64_t ns, bool is_time)
{
	char text[32];

	if (!is_time) {
		json_add_number(o, key, ns / 1000);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64 ".%03u", ns / 1000,
		 (unsigned int)(ns % 1000));
	json_add(o, key, json_object_new_double_s(ns / 1000.0, text));
}

static void add_interval(struct json_object *o, const struct export *e,
			 const struct node *n)
{
	struct record_time m = record_clock_span(&e->clock, n);
	bool is_time = e->clock.moment;

	add_microseconds(o, "ts", m.start, is_time);
	if (n->kind == NODE_EVENT) {
		json_add_text(o, "ph", "i");
		json_add_text(o, "s", "t");
	} else {
		json_add_text(o, "ph", "X");
		add_microseconds(o, "dur", m.duration, is_time);
	}
}

static void chrome_enter(void *data, const struct node *n, long depth,
			 long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct json_object *o = json_object_new_object();
	struct json_object *args = json_object_new_object();
	char *title = call_title(n);

	(void)depth;
	(void)level;
	(void)times;
	(void)below;
	record_clock_enter(&e->clock, n);
	json_add_text(o, "name", title);
	json_add_text(o, "cat", call_kind(n));
	json_add_number(o, "pid", 1);
	/* Some viewers hide thread 0. */
	json_add_number(o, "tid", e->thread - e->c->thread + 1);
	add_interval(o, e, n);
	json_add_number(args, "line", n->line);
	json_add_place(args, n);
	json_add_args(args, n);
	json_add_result(args, n);
	json_add(o, "args", args);
	fputs(",\n", e->out);
	json_print(e->out, o, JSON_LINE);
	free(title);
}

static void chrome_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

static void chrome_end(struct export *e)
{
	fputs("\n]}\n", e->out);
}

const struct export_format export_chrome = {
	.name = "chrome", .begin = chrome_begin,
	.ops = { .enter = chrome_enter, .leave = chrome_leave },
	.end = chrome_end,
};
