// SPDX-License-Identifier: MIT
/* kvt stats: how often, and with --times how long. */
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "commands.h"
#include "view/options.h"
#include "view/show.h"
#include "view/stats_count.h"

/* --- text ----------------------------------------------------------- */

static void print_times(const struct stats *s, const struct durations *d)
{
	if (s->timed && d->count)
		printf("  %10" PRIu64 "  %10" PRIu64 "  %10" PRIu64
		       "  %12" PRIu64, d->min, durations_median(d), d->max,
		       d->total);
	putchar('\n');
}

static void print_head(const struct stats *s, enum stats_table table)
{
	static const char *const head[TABLES] = {
		[SYSCALLS] = "system calls",
		[EXITS] = "exits to the kernel (kvm_exit)",
		[RETURNS] = "exits to the program",
	};

	printf("\n%-33s  %6s", head[table], "times");
	if (table == SYSCALLS)
		printf("  %6s  %5s  %9s  %8s", "errors", "open", "functions",
		       "calls");
	if (s->timed)
		printf("  %10s  %10s  %10s  %12s", "min ns", "median ns",
		       "max ns", "total ns");
	putchar('\n');
}

static void print_tables(const struct stats *s)
{
	enum stats_table table = TABLES;

	for (long i = 0; i < arrlen(s->row); i++) {
		const struct stats_row *r = s->row[i];

		if (r->table != table)
			print_head(s, table = r->table);
		printf("%-33s  %6lu", *r->name ? r->name :
		       "(outside of system calls)", r->count);
		if (table == SYSCALLS)
			printf("  %6lu  %5lu  %9lu  %8lu", r->errors, r->open,
			       r->functions, r->calls);
		print_times(s, &r->time);
	}
}

static void print_text(const struct stats *s)
{
	const struct painter plain = { .colour = false };

	show_header(&plain, s->capture);
	print_tables(s);
	printf("\n%-33s  %6s  %7s  %9s  %10s  %8s\n", "thread", "times",
	       "KVM_RUN", "to kernel", "to program", "calls");
	for (long i = 0; i < arrlen(s->thread); i++) {
		const struct stats_thread *t = &s->thread[i];

		printf("%-33s  %6lu  %7lu  %9lu  %10lu  %8lu\n", t->name,
		       t->count[SYSCALLS], t->runs, t->count[EXITS],
		       t->count[RETURNS], t->calls);
	}
}

/* --- JSON ----------------------------------------------------------- */

static struct json_object *json_durations(const struct durations *d)
{
	struct json_object *o = json_object_new_object();

	json_add_number(o, "count", d->count);
	json_add_number(o, "min", d->min);
	json_add_number(o, "median", durations_median(d));
	json_add_number(o, "max", d->max);
	json_add_number(o, "total", d->total);
	return o;
}

static struct json_object *json_row(const struct stats *s,
				    const struct stats_row *r)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "name", r->name);
	json_add_number(o, "count", r->count);
	if (r->table == SYSCALLS) {
		json_add_number(o, "errors", r->errors);
		json_add_number(o, "never_returned", r->open);
		json_add_number(o, "functions", r->functions);
		json_add_number(o, "calls", r->calls);
	}
	if (s->timed && r->time.count)
		json_add(o, "ns", json_durations(&r->time));
	return o;
}

static struct json_object *json_thread(const struct stats_thread *t)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "name", t->name);
	json_add_number(o, "syscalls", t->count[SYSCALLS]);
	json_add_number(o, "runs", t->runs);
	json_add_number(o, "exits", t->count[EXITS]);
	json_add_number(o, "userspace_exits", t->count[RETURNS]);
	json_add_number(o, "calls", t->calls);
	return o;
}

static void print_json(const struct stats *s)
{
	static const char *const name[TABLES] = {
		[SYSCALLS] = "syscalls", [EXITS] = "exits",
		[RETURNS] = "userspace_exits",
	};
	static const char *const key[] = {
		"kernel", "mode", "program", "status", "stopped",
	};
	struct json_object *o = json_object_new_object();
	struct json_object *array[TABLES], *threads = json_object_new_array();

	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++)
		json_add_text(o, key[i], capture_header(s->capture, key[i]));
	json_add_number(o, "records", s->capture->records);
	for (int i = 0; i < TABLES; i++)
		json_add(o, name[i], array[i] = json_object_new_array());
	for (long i = 0; i < arrlen(s->row); i++)
		json_object_array_add(array[s->row[i]->table],
				      json_row(s, s->row[i]));
	for (long i = 0; i < arrlen(s->thread); i++)
		json_object_array_add(threads, json_thread(&s->thread[i]));
	json_add(o, "threads", threads);
	json_print(stdout, o, JSON_TREE);
	putchar('\n');
}

/* --- the command ---------------------------------------------------- */

static const char stats_help[] =
"usage: kvt stats [OPTION]... CAPTURE\n"
"\n"
"Counts what is in a capture: each system call, and each request of ioctl:\n"
"how often, how often with an error, how often the recording ended in it,\n"
"and how many kernel functions it woke (different ones, and calls of them);\n"
"the exits of vCPUs to the kernel and to the program, by reason; and all of\n"
"this for each thread.  Memory does not grow with the length of a capture.\n"
"\n"
"  --times FILE        how long, too: FILE is what --times of `kvt record`\n"
"                      or `kvt import` wrote with this capture\n"
"  --json              as JSON\n"
"\n"
"An exit to the kernel lasts until the guest goes on, or the system call\n"
"returns; one to the program until the thread's next KVM_RUN.  The median\n"
"is exact below 256 ns, else up to 1% too low.  Times recorded in an\n"
"emulated machine say nothing about hardware.\n";

/* --times, the only option of its own. */
static void take_stats_option(void *data, int opt, const char *value)
{
	const char **times = data;

	(void)opt;
	*times = value;
}

int cmd_stats(int argc, char **argv)
{
	static const struct option own[] = {
		{ "times", required_argument, NULL, 't' },
		{ }
	};
	static const struct command_options options = {
		.takes = TAKE_JSON, .own = own, .take = take_stats_option,
		.help = stats_help,
	};
	struct options shared = { .open = 0 };
	const char *times = NULL;
	struct stats s;
	int status = options_parse(&shared, &options, &times, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "stats takes one capture; see"
		    " 'kvt stats --help'");
	s = stats_count(argv[optind], times);
	if (shared.json)
		print_json(&s);
	else
		print_text(&s);
	stats_free(&s);
	close_file(stdout, "standard output");
	return KVT_OK;
}
