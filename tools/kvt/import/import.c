// SPDX-License-Identifier: MIT
/*
 * Turns a raw recording into a capture.
 *
 * The recording is read twice, in order of time.  The first reading decides
 * what of it stays (import/outline); the second puts that into lines
 * (import/render), so that numbers of objects and kinds of descriptors are
 * those of their moment.  No more of it is in memory than the calls that are
 * open, however long they are.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tsv.h"
#include "commands.h"
#include "import/callers.h"
#include "import/import.h"
#include "import/meta.h"
#include "import/output.h"
#include "import/program_lines.h"
#include "import/raw.h"
#include "import/render.h"
#include "import/outline.h"
#include "import/sites.h"
#include "import/steps.h"
#include "import/syscalls.h"
#include "kernel/facts.h"

/* --- what is wrong with a recording --------------------------------- */

static void refuse_loss(const struct meta *m, unsigned long long lost)
{
	lost += strtoull(meta_get(m, "lost"), NULL, 10);
	if (lost)
		die(KVT_LOST, "the kernel dropped %llu events, so there is"
		    " no capture: record again with a larger --buffer",
		    lost);
}

/*
 * Checks the end: a program that ended by itself made a system call for it,
 * the last thing in its recording.  STATUS above 128: a signal ended it.
 */
static void refuse_cut(const struct meta *m, const struct outline *o)
{
	enum { BY_SIGNAL = 128 };
	const char *status = meta_get(m, "status");
	char *end;
	long number = strtol(status, &end, 10);

	if (end == status || *end || number > BY_SIGNAL || o->exits ||
	    meta_find(m, "stopped") || meta_find(m, "attached"))
		return;
	die(KVT_BAD_CAPTURE, "the recording was cut: the program ended with"
	    " status %s, but its system call exit_group is not there; record"
	    " again", status);
}

/* --- the recording -------------------------------------------------- */

/* Reads the descriptors of a process that already ran. */
static struct fds *load_fds(const char *dir)
{
	struct fds *fds = xcalloc(1, sizeof(*fds));
	char *path = xasprintf("%s/fds", dir), *save = NULL;
	char *text = read_file_if(path, NULL), *line, *field[2], *end;

	line = text ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save))
		if (split_tabs(line, field, 2) != 2 ||
		    !fds_set(fds, strtol(field[0], &end, 10), field[1]) ||
		    *end)
			die(KVT_BAD_CAPTURE, "%s: no descriptor and its kind:"
			    " '%s'", path, line);
	free(text);
	free(path);
	return fds;
}

/* Does the recording have arguments?  What the tracer was told is one thing,
 * and what it did is another. */
static bool has_args(const struct meta *meta, const struct raw_steps *steps)
{
	if (!meta_has(meta, "features", "args"))
		return false;
	if (!steps_lack_args(steps))
		return true;
	warn("the kernel recorded no arguments, although its tracer was told"
	     " to: the capture goes without");
	return false;
}

/* The second reading. */
static void write_capture(const struct import *how, const struct meta *meta,
			  const struct facts *facts, struct raw_steps *steps,
			  const struct outline *outline)
{
	bool sites = how->vmlinux && meta_has(meta, "features", "sites");
	struct render_from from = {
		.steps = steps, .outline = outline, .facts = facts,
		.fds = load_fds(how->raw),
		.args = has_args(meta, steps),
		.retval = meta_has(meta, "features", "retval"),
		.source = how->source, .sources = how->sources,
		.times = how->times,
	};
	struct output out = {
		.path = how->out, .times = how->times,
		.source = how->source, .sources = how->sources,
		.machine = how->machine,
		.meta = meta, .facts = facts, .outline = outline,
		.args = from.args, .sites = sites,
		.attached = meta_find(meta, "attached"),
	};

	if (sites) {
		from.callers = callers_open(facts, how->raw,
					    meta_page_size(meta));
		from.sites = sites_open(how->vmlinux, facts);
	}
	if (how->program && how->sources && steps_have_user(steps))
		from.lines = program_lines_open(how->program);
	steps_rewind(steps);
	out.lines = render(&from);
	if (from.lines)
		program_lines_close(from.lines);
	if (sites) {
		sites_close(from.sites);
		callers_close(from.callers);
	}
	output_capture(&out);
	if (how->times)
		output_times(&out);
	rendering_free(out.lines);
	fds_free(from.fds);
}

int import_recording(const struct import *how)
{
	/* Nobody frees facts; this keeps them reachable until the end. */
	static struct facts *facts;
	struct meta *meta = meta_read(how->raw);
	struct raw *raw;
	struct raw_steps *steps;
	struct outline *outline;

	meta_check_files(meta, how->raw);
	raw = raw_open(how->raw, "cpu", meta_page_size(meta));
	facts = facts_load(how->facts);
	steps = steps_open(facts, how->raw, raw,
			   meta_has(meta, "features", "retval"));
	outline = outline_find(steps, meta_find(meta, "attached"));
	refuse_loss(meta, raw_lost(raw));
	refuse_cut(meta, outline);
	write_capture(how, meta, facts, steps, outline);
	outline_free(outline);
	steps_close(steps);
	raw_close(raw);
	meta_free(meta);
	return KVT_OK;
}

static const char import_help[] =
"usage: kvt import --facts DIR [OPTION]... RAW-DIR\n"
"\n"
"Makes a capture of what `kvt record --raw RAW-DIR` recorded, perhaps on\n"
"another machine.\n"
"\n"
"  --facts DIR          what `kvt facts` found on that kernel\n"
"  -o, --output FILE    the capture (default: standard output)\n"
"  --source FILE        a source file of the program, to be named with its\n"
"                       hash; may be repeated\n"
"  --machine TEXT       what machine it was recorded on, if there is more to say\n"
"                       than the capture does of itself: such as -M gic-version=2\n"
"  --program FILE       the program, with debugging information: system calls\n"
"                       then carry their line in the --source files\n"
"  --vmlinux FILE       the kernel, with debugging information: calls then say\n"
"                       where they were made, if the recording is one with\n"
"                       --sites\n"
"  --times FILE         also write when and on which CPU each call ran\n";

int cmd_import(int argc, char **argv)
{
	static const struct option options[] = {
		{ "facts", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "source", required_argument, NULL, 's' },
		{ "machine", required_argument, NULL, 'm' },
		{ "program", required_argument, NULL, 'p' },
		{ "times", required_argument, NULL, 't' },
		{ "vmlinux", required_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct import im = { .source = xcalloc(argc, sizeof(char *)) };
	int opt, failed;

	while ((opt = getopt_long(argc, argv, "o:h", options, NULL)) >= 0)
		switch (opt) {
		case 'f':
			im.facts = optarg;
			break;
		case 'o':
			im.out = optarg;
			break;
		case 's':
			im.source[im.sources++] = optarg;
			break;
		case 'm':
			im.machine = optarg;
			if (!*optarg || text_fault(optarg))
				die(KVT_USAGE, "--machine: a capture cannot"
				    " hold this: %s", text_fault(optarg) ?:
				    "it is empty");
			break;
		case 'p':
			im.program = optarg;
			break;
		case 't':
			im.times = optarg;
			break;
		case 'v':
			im.vmlinux = optarg;
			break;
		case 'h':
			fputs(import_help, stdout);
			return KVT_OK;
		default:
			return KVT_USAGE;
		}
	if (!im.facts || optind != argc - 1)
		die(KVT_USAGE, "import takes --facts DIR and one recording;"
		    " see 'kvt import --help'");
	im.raw = argv[optind];
	failed = import_recording(&im);
	free(im.source);
	return failed;
}
