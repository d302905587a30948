// SPDX-License-Identifier: MIT
/* kvt export: a capture in the formats of other tools. */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/times.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/options.h"

/* A call that is open, on the way down to the present one. */
struct level {
	uint64_t duration, inside;	/* ns, of it and of its calls */
	long call;			/* what was recorded: it or above */
	size_t stack;			/* length of its folded stack */
};

struct export {
	FILE *out;
	const struct capture *c;
	const struct record_time *moment;	/* by record number; NULL: no times */
	const char *thread;
	unsigned long thread_number;	/* from 1: some viewers hide 0 */
	unsigned long record;		/* of the call that was entered last */
	unsigned long *record_at;	/* by line; NULL: records are counted */
	struct level *level;
	long levels;
	char *stack;			/* folded: "program;ioctl;..." */
	size_t stack_room;
	void *weights;			/* folded: a tree of struct weight */
};

struct format {
	const char *name;
	void (*begin)(struct export *e);
	struct tree_ops ops;
	void (*end)(struct export *e);
};

/* --- JSON ----------------------------------------------------------- */

static void put_string(FILE *out, const char *text)
{
	json_string(out, text, strlen(text));
}

/* The end of the argument at S: a comma outside of all brackets. */
static const char *end_of_arg(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '(' || *s == '{' || *s == '[')
			depth++;
		else if (*s == ')' || *s == '}' || *s == ']')
			depth--;
		else if (*s == ',' && depth <= 0)
			break;
	}
	return s;
}

/* The names of a system call's arguments, where a reader wants them. */
static const char *arg_name(const struct node *n, int i)
{
	static const struct {
		const char *syscall;
		const char *name[7];
	} known[] = {
		{ "openat", { "dirfd", "path", "flags" } },
		{ "ioctl", { "fd", "request", "arg" } },
		{ "mmap", { "addr", "length", "prot", "flags", "fd",
			    "offset" } },
		{ "munmap", { "addr", "length" } },
		{ "mprotect", { "addr", "length", "prot" } },
		{ "madvise", { "addr", "length", "advice" } },
		{ "close", { "fd" } },
		{ "dup", { "fd" } },
		{ "dup3", { "fd", "new", "flags" } },
		{ "read", { "fd", "buf", "count" } },
		{ "pread64", { "fd", "buf", "count", "offset" } },
		{ "write", { "fd", "buf", "count" } },
		{ "lseek", { "fd", "offset", "whence" } },
		{ "exit_group", { "status" } },
		{ "exit", { "status" } },
	};

	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
		if (n->kind == NODE_SYSCALL && i < 6 &&
		    !strcmp(n->name, known[k].syscall))
			return known[k].name[i];
	return NULL;
}

/* One argument as a JSON member; "..." stands for those not known. */
static void put_arg(FILE *out, const struct node *n, int i, const char *s,
		    const char *end)
{
	const char *equals = memchr(s, '=', end - s);
	const char *name = arg_name(n, i);
	char number[16];

	if (end - s == 3 && !strncmp(s, "...", 3)) {
		fputs("\"...\":null", out);
		return;
	}
	if (n->kind != NODE_SYSCALL && equals) {
		json_string(out, s, equals - s);
		s = equals + 1;
	} else if (name) {
		put_string(out, name);
	} else {
		snprintf(number, sizeof(number), "arg%d", i);
		put_string(out, number);
	}
	fputc(':', out);
	json_string(out, s, end - s);
}

static void put_args(FILE *out, const struct node *n)
{
	const char *s = n->args ?: "";

	fputs("\"args\":{", out);
	for (int i = 0; *s; i++) {
		const char *end = end_of_arg(s);

		if (i)
			fputc(',', out);
		put_arg(out, n, i, s, end);
		s = end + (*end == ',');
		s += strspn(s, " ");
	}
	fputc('}', out);
}

static void put_place(FILE *out, const struct node *n)
{
	if (!n->place)
		return;
	fputs("\"place\":", out);
	put_string(out, n->place);
	fputc(',', out);
}

static void put_result(FILE *out, const struct node *n)
{
	fputs("\"result\":", out);
	if (n->result)
		put_string(out, n->result);
	else
		fputs("null", out);
	if (n->open)
		fputs(",\"never_returned\":true", out);
}

static const char *kind_name(const struct node *n)
{
	static const char *const name[] = {
		[NODE_CALL] = "call", [NODE_SYSCALL] = "syscall",
		[NODE_EVENT] = "event", [NODE_INLINED] = "inlined",
		[NODE_UNSEEN] = "unseen",
	};

	return name[n->kind];
}

/* --- what the formats share ----------------------------------------- */

static void nothing(struct export *e)
{
	(void)e;
}

static void on_thread(void *data, const struct thread *t)
{
	struct export *e = data;

	e->thread = t->name;
	e->thread_number = t - e->c->thread + 1;
}

static void on_leave(void *data, const struct node *n, long depth)
{
	(void)data;
	(void)n;
	(void)depth;
}

/* A call is entered: which record is it?  A level is none. */
static void count_record(struct export *e, const struct node *n)
{
	if (!is_level(n))
		e->record = e->record_at ? e->record_at[n->line]
					 : e->record + 1;
}

static const struct record_time *now(const struct export *e, const struct node *n)
{
	return e->moment && !is_level(n) ? &e->moment[e->record] : NULL;
}

/* When N ran; a level from its first call's begin to its last one's end.
 * Without times, the record's number and how many there are in it, as us. */
static struct record_time when(const struct export *e, const struct node *n)
{
	unsigned long first = e->record, count = tree_count(n), last;
	struct record_time m;

	if (now(e, n))
		return *now(e, n);
	if (!is_level(n))
		return (struct record_time){ 1000 * first, 1000 * (count + 1), 0 };
	for (; is_level(n); n = n->child[0])
		;
	first = e->record_at ? e->record_at[n->line] : e->record + 1;
	if (!e->moment)
		return (struct record_time){ 1000 * first, 1000 * count, 0 };
	m = e->moment[first];
	for (last = first + 1; last < first + count; last++) {
		const struct record_time *l = &e->moment[last];

		if (l->start + l->duration > m.start + m.duration)
			m.duration = l->start + l->duration - m.start;
	}
	return m;
}

/* --- JSON lines ----------------------------------------------------- */

static void jsonl_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	const struct record_time *m;

	(void)level;
	(void)times;
	(void)below;
	count_record(e, n);
	m = now(e, n);
	fputc('{', e->out);
	if (!is_level(n))
		fprintf(e->out, "\"record\":%lu,", e->record);
	fprintf(e->out, "\"line\":%u,\"thread\":", n->line);
	put_string(e->out, e->thread);
	fprintf(e->out, ",\"depth\":%ld,\"kind\":\"%s\",\"name\":", depth,
		kind_name(n));
	put_string(e->out, n->name);
	fputc(',', e->out);
	put_place(e->out, n);
	put_args(e->out, n);
	fputc(',', e->out);
	put_result(e->out, n);
	if (m)
		fprintf(e->out, ",\"start_ns\":%" PRIu64 ",\"duration_ns\":%"
			PRIu64 ",\"cpu\":%d", m->start, m->duration, m->cpu);
	fputs("}\n", e->out);
}

/* --- Chrome and Perfetto -------------------------------------------- */

/* Members of "otherData" for what the header says, and for the clock. */
static void chrome_begin(struct export *e)
{
	static const char *const key[] = {
		"kernel", "mode", "cpu", "program", "status", "lost",
	};

	fputs("{\"displayTimeUnit\":\"ns\",\n\"otherData\":{", e->out);
	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++) {
		const char *value = capture_header(e->c, key[i]);

		if (!value)
			continue;
		fprintf(e->out, "\"%s\":", key[i]);
		put_string(e->out, value);
		fputs(",\n", e->out);
	}
	fprintf(e->out, "\"clock\":\"%s\"},\n\"traceEvents\":[\n"
		"{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"process_name\","
		"\"args\":{\"name\":", e->moment ? "time of the recording" :
		"record numbers, not time: one record is shown as 1 us");
	put_string(e->out, capture_header(e->c, "program") ?: "?");
	fputs("}}", e->out);
	for (unsigned int i = 0; i < e->c->threads; i++) {
		char *name = xasprintf("thread %s", e->c->thread[i].name);

		fprintf(e->out, ",\n{\"ph\":\"M\",\"pid\":1,\"tid\":%u,"
			"\"name\":\"thread_name\",\"args\":{\"name\":",
			i + 1);
		put_string(e->out, name);
		fputs("}}", e->out);
		free(name);
	}
}

/* An ioctl is known by its request. */
static void put_name(FILE *out, const struct node *n)
{
	const char *request = n->args ? strstr(n->args, ", ") : NULL;
	char *name;

	if (n->kind != NODE_SYSCALL || strcmp(n->name, "ioctl") || !request) {
		put_string(out, n->name);
		return;
	}
	request += 2;
	name = xasprintf("ioctl %.*s", (int)(end_of_arg(request) - request),
			 request);
	put_string(out, name);
	free(name);
}

/* Times are in microseconds; record numbers are whole. */
static void put_us(const struct export *e, uint64_t ns)
{
	fprintf(e->out, "%" PRIu64, ns / 1000);
	if (e->moment)
		fprintf(e->out, ".%03u", (unsigned int)(ns % 1000));
	fputc(',', e->out);
}

static void chrome_enter(void *data, const struct node *n, long depth,
			 long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct record_time m;

	(void)depth;
	(void)level;
	(void)times;
	(void)below;
	count_record(e, n);
	m = when(e, n);
	fputs(",\n{\"name\":", e->out);
	put_name(e->out, n);
	fprintf(e->out, ",\"cat\":\"%s\",\"pid\":1,\"tid\":%lu,",
		kind_name(n), e->thread_number);
	fputs("\"ts\":", e->out);
	put_us(e, m.start);
	if (n->kind == NODE_EVENT) {
		fputs("\"ph\":\"i\",\"s\":\"t\",", e->out);
	} else {
		fputs("\"ph\":\"X\",\"dur\":", e->out);
		put_us(e, m.duration);
	}
	fputs("\"args\":{\"line\":", e->out);
	fprintf(e->out, "%u,", n->line);
	put_place(e->out, n);
	put_args(e->out, n);
	fputc(',', e->out);
	put_result(e->out, n);
	fputs("}}", e->out);
}

static void chrome_end(struct export *e)
{
	fputs("\n]}\n", e->out);
}

/* --- folded stacks -------------------------------------------------- */

struct weight {
	char *stack;
	uint64_t weight;
};

static int by_stack(const void *a, const void *b)
{
	return strcmp(((const struct weight *)a)->stack,
		      ((const struct weight *)b)->stack);
}

static void add_weight(struct export *e, uint64_t weight)
{
	struct weight like = { .stack = e->stack }, **slot;

	slot = tsearch(&like, &e->weights, by_stack);
	if (!slot)
		die(KVT_FAILED, "out of memory");
	if (*slot == &like) {
		*slot = xcalloc(1, sizeof(**slot));
		(*slot)->stack = xstrdup(e->stack);
	}
	(*slot)->weight += weight;
}

/* Puts a frame behind the first AT bytes of the stack; returns its length.
 * A semicolon or a line's end in a name would be two frames, or two lines. */
static size_t push_frame(struct export *e, size_t at, const char *name,
			 size_t length)
{
	size_t need = at + length + 2;

	if (need > e->stack_room) {
		e->stack_room = need * 2;
		e->stack = xrealloc(e->stack, e->stack_room);
	}
	if (at)
		e->stack[at++] = ';';
	for (size_t i = 0; i < length; i++)
		e->stack[at++] = strchr("; \t\r\n", name[i]) ? '_' : name[i];
	e->stack[at] = '\0';
	return at;
}

static size_t push_node(struct export *e, size_t at, const struct node *n)
{
	const char *request = n->args ? strstr(n->args, ", ") : NULL;

	at = push_frame(e, at, n->name, strlen(n->name));
	if (n->kind != NODE_SYSCALL || strcmp(n->name, "ioctl") || !request)
		return at;
	request += 2;
	return push_frame(e, at, request, end_of_arg(request) - request);
}

/* The frame that all of a thread stands on. */
static size_t push_base(struct export *e)
{
	const char *program = capture_header(e->c, "program") ?: "?";
	char *base = e->c->threads > 1 ? xasprintf("%s/%s", program,
						   e->thread)
				       : xstrdup(program);
	size_t length = push_frame(e, 0, base, strlen(base));

	free(base);
	return length;
}

static void folded_enter(void *data, const struct node *n, long depth,
			 long level, unsigned int times, unsigned long below)
{
	struct export *e = data;
	struct level *l;
	long call = depth ? e->level[depth - 1].call : -1;

	(void)level;
	(void)times;
	(void)below;
	count_record(e, n);
	if (depth >= e->levels) {
		e->levels = depth * 2 + 64;
		e->level = xrealloc(e->level, e->levels * sizeof(*l));
	}
	if (n->kind == NODE_EVENT)
		return;
	l = &e->level[depth];
	*l = (struct level){
		.duration = now(e, n) ? now(e, n)->duration : 0,
		.call = is_level(n) ? call : depth,
	};
	if (call >= 0)
		e->level[call].inside += l->duration;
	l->stack = push_node(e, depth ? e->level[depth - 1].stack
				      : push_base(e), n);
}

/* The weight of a call is its own time: without that of those inside. */
static void folded_leave(void *data, const struct node *n, long depth)
{
	struct export *e = data;
	const struct level *l = &e->level[depth];

	if (n->kind == NODE_EVENT || is_level(n))
		return;
	e->stack[l->stack] = '\0';
	if (!e->moment)
		add_weight(e, 1);
	else if (l->duration > l->inside)
		add_weight(e, l->duration - l->inside);
}

static void print_weight(const void *slot, VISIT visit, void *data)
{
	const struct weight *w = *(const struct weight *const *)slot;
	struct export *e = data;

	if (visit == postorder || visit == leaf)
		fprintf(e->out, "%s %" PRIu64 "\n", w->stack, w->weight);
}

static void free_weight(void *w)
{
	free(((struct weight *)w)->stack);
	free(w);
}

static void folded_end(struct export *e)
{
	twalk_r(e->weights, print_weight, e);
	tdestroy(e->weights, free_weight);
	free(e->stack);
	free(e->level);
}

/* --- the table of formats ------------------------------------------- */

/* Nothing is folded, so a walk meets no groups. */
static const struct format formats[] = {
	{ "chrome", chrome_begin,
	  { .thread = on_thread, .enter = chrome_enter, .leave = on_leave },
	  chrome_end },
	{ "folded", nothing,
	  { .thread = on_thread, .enter = folded_enter,
	    .leave = folded_leave },
	  folded_end },
	{ "jsonl", nothing,
	  { .thread = on_thread, .enter = jsonl_enter, .leave = on_leave },
	  nothing },
};

static const struct format *find_format(const char *name)
{
	if (!name)
		die(KVT_USAGE, "export needs --format chrome, folded or"
		    " jsonl");
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(name, formats[i].name))
			return &formats[i];
	die(KVT_USAGE, "--format takes chrome, folded or jsonl, not '%s'",
	    name);
}

/* --- the sidecar ---------------------------------------------------- */

/* The times of all records of C, by record number. */
static struct record_time *read_times(const char *file, const struct capture *c)
{
	struct record_time *m = xcalloc(c->records + 1, sizeof(*m));
	struct times *t = times_open(file, c);

	for (unsigned long i = 1; i <= c->records; i++)
		m[i] = times_next(t);
	times_close(t);
	return m;
}

/* --- the command ---------------------------------------------------- */

static const char export_help[] =
"usage: kvt export --format FORMAT [OPTION]... CAPTURE\n"
"\n"
"Writes a capture for other tools to read.  FORMAT is one of:\n"
"\n"
"  chrome   a trace in JSON, for Perfetto and chrome://tracing\n"
"  folded   stacks with their weights, for flamegraph.pl and speedscope;\n"
"           tracepoints are left out\n"
"  jsonl    one record a line, in JSON, arguments by name, for jq\n"
"\n"
"  -o, --output FILE   where to write it (default: standard output)\n"
"  --times FILE        when each call ran: what --times of `kvt record` or\n"
"                      `kvt import` wrote with this capture\n"
"  --syscall, --at, --function, --nth, --depth, --traced   as in `kvt show`\n"
"\n"
"A capture has no times.  Without --times, chrome counts records in place\n"
"of microseconds, and says so in its metadata; a stack in folded weighs as\n"
"many as there are calls of it.  With --times it weighs the nanoseconds\n"
"spent in it and not in another call.  Times recorded in an emulated\n"
"machine say nothing about hardware.\n";

/* The numbers of all records below N, from those before it on. */
static void number(struct export *e, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		if (!is_level(n->child[i]))
			e->record_at[n->child[i]->line] = ++e->record;
		number(e, n->child[i]);
	}
}

/* Where only some calls are wanted, they keep the numbers that they have. */
static void number_all(struct export *e)
{
	const struct capture *c = e->c;
	size_t lines = 0;

	/* The line of the last call of all is the highest. */
	if (c->threads)
		for (const struct node *n = &c->thread[c->threads - 1].root;
		     n->children; lines = n->line)
			n = n->child[n->children - 1];
	e->record_at = xcalloc(lines + 1, sizeof(*e->record_at));
	for (unsigned int i = 0; i < c->threads; i++)
		number(e, &c->thread[i].root);
}

struct export_options {
	const char *format, *out, *times;
};

static void export(const struct format *format, const char *file,
		   struct view *view, const struct export_options *how)
{
	bool all = tree_shows_all(view) && !view->depth;
	struct capture *c = all ? capture_stream(file) : capture_read(file);
	struct record_time *moment = how->times ? read_times(how->times, c) : NULL;
	struct export e = { .c = c, .moment = moment, .thread_number = 1 };

	e.out = how->out ? open_file(how->out, "we") : stdout;
	e.thread = c->threads ? c->thread[0].name : "";
	if (!all)
		number_all(&e);
	view->unfold = true;
	format->begin(&e);
	tree_walk(c, view, &format->ops, &e);
	format->end(&e);
	close_file(e.out, how->out ?: "standard output");
	free(e.record_at);
	free(moment);
	capture_free(c);
}

static void take(void *data, int opt, const char *value)
{
	struct export_options *e = data;

	if (opt == 'f')
		e->format = value;
	else if (opt == 'o')
		e->out = value;
	else
		e->times = value;
}

int cmd_export(int argc, char **argv)
{
	static const struct option own[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "times", required_argument, NULL, 't' },
		{ }
	};
	static const struct command_options options = {
		TAKE_CALLS | TAKE_NTH | TAKE_TRACED, own, "o:", take, export_help,
	};
	struct options o = { .open = 0 };
	struct export_options e = { .format = NULL };
	int status = options_parse(&o, &options, &e, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "export takes one capture; see"
		    " 'kvt export --help'");
	export(find_format(e.format), argv[optind], &o.view, &e);
	return KVT_OK;
}
