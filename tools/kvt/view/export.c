// SPDX-License-Identifier: MIT
/* kvt export: a capture in the formats of other tools. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "capture/capture.h"
#include "capture/walk.h"
#include "commands.h"
#include "view/export.h"
#include "view/options.h"

static const struct export_format *const formats[] = {
	&export_chrome, &export_folded, &export_json, &export_jsonl,
};
enum { FORMATS = sizeof(formats) / sizeof(*formats) };

/* Returns "chrome, folded, json or jsonl"; the caller frees it. */
static char *format_names(void)
{
	struct buf names = { 0 };

	for (int i = 0; i < FORMATS; i++) {
		buf_puts(&names, !i ? "" : i < FORMATS - 1 ? ", " : " or ");
		buf_puts(&names, formats[i]->name);
	}
	return buf_take(&names);
}

static const struct export_format *find_format(const char *name)
{
	if (!name)
		die(KVT_USAGE, "export needs --format %s", format_names());
	for (int i = 0; i < FORMATS; i++)
		if (!strcmp(name, formats[i]->name))
			return formats[i];
	die(KVT_USAGE, "--format takes %s, not '%s'", format_names(), name);
}

static void export_thread(void *data, const struct thread *t)
{
	struct export *e = data;

	e->thread = t;
}

static const char export_help[] =
"usage: kvt export --format FORMAT [OPTION]... CAPTURE\n"
"\n"
"Writes a capture for other tools to read.  FORMAT is one of:\n"
"\n"
"  chrome   a trace in JSON, for Perfetto and chrome://tracing\n"
"  folded   stacks with their weights, for flamegraph.pl and speedscope;\n"
"           tracepoints are left out\n"
"  json     the call trees, in JSON, folded as `kvt show` folds them\n"
"  jsonl    one record a line, in JSON, arguments by name, for jq\n"
"\n"
"  -o, --output FILE   where to write it (default: standard output)\n"
"  --times FILE        when each call ran: what --times of `kvt record` or\n"
"                      `kvt import` wrote with this capture\n"
"  --unfold            json: repeated calls one by one, as all other formats\n"
"                      have them\n"
"  --symbols TSV       json: where the functions are (default: $KVT_SYMBOLS)\n"
"  --syscall, --at, --function, --nth, --depth, --traced   as in `kvt show`\n"
"\n"
"A capture has no times.  Without --times, chrome counts records in place\n"
"of microseconds, and says so in its metadata; a stack in folded weighs as\n"
"many as there are calls of it.  With --times it weighs the nanoseconds\n"
"spent in it and not in another call.  Times recorded in an emulated\n"
"machine say nothing about hardware.\n";

struct export_options {
	const char *format, *out, *times;
};

static void export(const struct export_format *format, const char *file,
		   struct options *o, const struct export_options *how)
{
	bool folded = format->folds && !o->view.unfold;
	bool all = tree_shows_all(&o->view) && !o->view.depth && !folded;
	struct capture *c = all ? capture_stream(file) : capture_read(file);
	struct tree_ops ops = format->ops;
	struct export e = {
		.c = c, .clock = record_clock_open(c, how->times, all),
		.thread = c->threads ? c->thread : NULL,
		.symbols = format->folds ? options_symbols(o, c) : NULL,
	};

	e.out = how->out ? open_file(how->out, "we") : stdout;
	ops.thread = export_thread;
	o->view.unfold = !folded;
	view_prepare(c, &o->view);
	if (format->begin)
		format->begin(&e);
	view_prepare(c, &o->view);
	tree_walk(c, &o->view, &ops, &e);
	if (format->end)
		format->end(&e);
	close_file(e.out, how->out ?: "standard output");
	record_clock_close(&e.clock);
	capture_free(c);
}

static void take_export_option(void *data, int opt, const char *value)
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
		TAKE_VIEW | TAKE_TRACED | TAKE_SYMBOLS, own, "o:",
		take_export_option, export_help,
	};
	struct options o = { .open = 0 };
	struct export_options e = { .format = NULL };
	int status = options_parse(&o, &options, &e, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "export takes one capture; see"
		    " 'kvt export --help'");
	export(find_format(e.format), argv[optind], &o, &e);
	options_free(&o);
	return KVT_OK;
}
