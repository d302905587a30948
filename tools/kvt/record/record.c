// SPDX-License-Identifier: MIT
/* The command line of `kvt record`; and facts, recording and import in one. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/number.h"
#include "commands.h"
#include "import/import.h"
#include "kernel/gather.h"
#include "kernel/tables.h"
#include "record/attach.h"
#include "record/program.h"
#include "record/recorder.h"
#include "record/recording.h"

static const char record_help[] =
"usage: kvt record [-o FILE] [OPTION]... -- PROGRAM [ARGUMENT]...\n"
"       kvt record [-o FILE] [OPTION]... --pid PID\n"
"\n"
"Runs PROGRAM, or follows the process PID with all its threads, and writes\n"
"a capture of the KVM functions that its system calls wake in the kernel.\n"
"The recording ends when the last process that PROGRAM started has ended.\n"
"Needs root, and an arm64 kernel with the function-graph tracer.  Exits\n"
"with PROGRAM's own status; with --pid, 0.\n"
"\n"
"  -o, --output FILE    the capture (default: PROGRAM.kvt)\n"
"  --symbols TSV        the index of KVM's functions, from `kvt index`\n"
"                       (default: $KVT_SYMBOLS, or the one installed with kvt)\n"
"  --source FILE        a source file of PROGRAM, to be named in the\n"
"                       capture with its hash; may be repeated\n"
"  --times FILE         also write when and on which CPU each call ran\n"
"  --pid PID            follow a process that runs, until it ends or Ctrl-C\n"
"  --duration SECONDS   stop recording then; PROGRAM goes on\n"
"  --timeout SECONDS    stop recording then, and end PROGRAM; the exit code is\n"
"                       124, and `kvt where` says where everything was\n"
"  --max-size SIZE      stop recording when it has that many bytes, with the\n"
"                       suffix K, M or G; what the buffers hold goes in\n"
"  --vmlinux FILE       this kernel with debugging information: each call then\n"
"                       says where it was made, inlined functions included\n"
"  --buffer KIB         trace buffer of each CPU (default: 8192)\n"
"  --raw DIR            only record, into DIR; `kvt import` makes the\n"
"                       capture, on this machine or another\n"
"  --functions TSV      with --raw: functions.tsv of `kvt facts`\n"
"  --sites              with --raw: also record where each call was made, for\n"
"                       `kvt import --vmlinux`\n"
"\n"
"--duration and --max-size end the recording, not the program: kvt writes\n"
"the capture, whose header has a line `stopped`, and waits for PROGRAM.\n"
"If the kernel had to drop events, the recording fails (exit 4): give it a\n"
"larger --buffer.\n";

enum { OPT_SYMBOLS = 256, OPT_SOURCE, OPT_TIMES, OPT_BUFFER, OPT_RAW,
       OPT_FUNCTIONS, OPT_PID, OPT_DURATION, OPT_MAX_SIZE, OPT_VMLINUX,
       OPT_SITES, OPT_TIMEOUT };

static const struct option record_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "symbols", required_argument, NULL, OPT_SYMBOLS },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "times", required_argument, NULL, OPT_TIMES },
	{ "buffer", required_argument, NULL, OPT_BUFFER },
	{ "raw", required_argument, NULL, OPT_RAW },
	{ "functions", required_argument, NULL, OPT_FUNCTIONS },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "max-size", required_argument, NULL, OPT_MAX_SIZE },
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },
	{ "sites", no_argument, NULL, OPT_SITES },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static char *temp_dir;

static void remove_temp_dir(void)
{
	DIR *dir = opendir(temp_dir);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		unlinkat(dirfd(dir), d->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(temp_dir);
}

/* Makes facts, recording and import in one go, in a directory in /tmp. */
static int record_here(struct recorder *r, struct import *im,
		       const char *symbols, char **argv)
{
	char template[] = "/tmp/kvt-XXXXXX", *functions, *out = NULL;
	const char *base = strrchr(r->program, '/');
	int status;

	if (!symbols)
		die(KVT_USAGE, "which functions are KVM's? Give --symbols"
		    " or set KVT_SYMBOLS");
	if (!mkdtemp(template))
		die(KVT_FAILED, "%s: %s", template, strerror(errno));
	temp_dir = xstrdup(template);
	atexit(remove_temp_dir);
	facts_gather(template, symbols, NULL);
	functions = xasprintf("%s/functions.tsv", template);
	r->dir = template;
	status = recording_make(r, functions, argv);
	im->facts = im->raw = template;
	im->program = r->program;
	if (!im->out)
		im->out = out = xasprintf("%s.kvt",
					  base ? base + 1 : r->program);
	import_recording(im);
	free(out);
	free(functions);
	return status;
}

/* Parses "0.5" into milliseconds. */
static long parse_seconds(const char *option, const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 0.001 && s <= 1e6))
		die(KVT_USAGE, "%s takes a number of seconds up to a"
		    " million, not '%s'", option, text);
	return s * 1000;
}

/* Parses "64K" into bytes. */
static unsigned long long parse_size(const char *text)
{
	static const char suffix[] = "KMG";
	char *end;
	unsigned long long n;
	const char *unit;

	errno = 0;
	n = strtoull(text, &end, 10);
	unit = *end ? strchr(suffix, *end) : NULL;
	if (errno || end == text || *text == '-' || !n || n >> 33 ||
	    (*end && (!unit || end[1])))
		die(KVT_USAGE, "--max-size takes a number of bytes, or one"
		    " with K, M or G behind it, not '%s'", text);
	return unit ? n << 10 * (unit - suffix + 1) : n;
}

struct record_options {
	struct recorder r, sites;
	struct import im;
	const char *symbols, *functions;
};

/* Reads an option that says how to record; false: it is another one. */
static bool read_how(struct recorder *r, int opt)
{
	switch (opt) {
	case OPT_BUFFER:
		r->buffer_kb = parse_number("--buffer", optarg, 64, 4 << 20);
		return true;
	case OPT_PID:
		r->pid = parse_number("--pid", optarg, 1, 1 << 22);
		return true;
	case OPT_DURATION:
		r->duration_ms = parse_seconds("--duration", optarg);
		return true;
	case OPT_TIMEOUT:
		r->timeout_ms = parse_seconds("--timeout", optarg);
		return true;
	case OPT_MAX_SIZE:
		r->max_size = parse_size(optarg);
		return true;
	}
	return false;
}

static bool read_option(struct record_options *o, int opt)
{
	switch (opt) {
	case 'o':
		o->im.out = optarg;
		return true;
	case OPT_SYMBOLS:
		o->symbols = optarg;
		return true;
	case OPT_SOURCE:
		o->im.source[o->im.sources++] = optarg;
		return true;
	case OPT_TIMES:
		o->im.times = optarg;
		return true;
	case OPT_RAW:
		o->r.dir = optarg;
		return true;
	case OPT_FUNCTIONS:
		o->functions = optarg;
		return true;
	case OPT_VMLINUX:
		o->im.vmlinux = optarg;
		o->r.sites = &o->sites;
		return true;
	case OPT_SITES:
		o->r.sites = &o->sites;
		return true;
	}
	return read_how(&o->r, opt);
}

static void check_options(const struct record_options *o, int arguments)
{
	if (o->r.pid && arguments)
		die(KVT_USAGE, "--pid follows a process that runs: leave out"
		    " PROGRAM");
	if (!o->r.pid && !arguments)
		die(KVT_USAGE, "which program? See 'kvt record --help'");
	if (o->r.pid && o->r.timeout_ms)
		die(KVT_USAGE, "--timeout would end the process %d: --duration"
		    " leaves it alone", o->r.pid);
	if (!o->r.dir != !o->functions)
		die(KVT_USAGE, "--raw and --functions go together");
	if (o->r.sites && !o->r.dir != !!o->im.vmlinux)
		die(KVT_USAGE, "--sites goes with --raw, and --vmlinux with a"
		    " capture made here");
	/* The two instances must begin with the same call. */
	if (o->r.sites && o->r.pid)
		die(KVT_USAGE, "--sites and --vmlinux need a program that kvt"
		    " starts, and no --pid");
}

int cmd_record(int argc, char **argv)
{
	struct record_options o = {
		.r.buffer_kb = 8192,
		.r.pages = "cpu",
		.sites.pages = "sites",
		.im.source = xcalloc(argc, sizeof(char *)),
		.symbols = tables_symbols(),
	};
	struct recorder *r = &o.r;
	int opt, status;

	while ((opt = getopt_long(argc, argv, "+o:h", record_options,
				  NULL)) >= 0) {
		if (opt != 'h' && read_option(&o, opt))
			continue;
		fputs(opt == 'h' ? record_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	argv += optind;
	check_options(&o, argc - optind);
	r->program = r->pid ? attach_program(r->pid) : xstrdup(argv[0]);
	status = r->dir ? recording_make(r, o.functions, argv)
			: record_here(r, &o.im, o.symbols, argv);
	if (status == STATUS_UNKNOWN) {
		program_wait(r);
		status = r->pid ? KVT_OK : r->status;
	}
	free(r->program);
	free(o.im.source);
	return status;
}
