// SPDX-License-Identifier: MIT
/*
 * kvt stats: how often, and with --times how long.  One walk over a stream:
 * what is kept is a row a reason, a row an ioctl, and a row a thread.
 */
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
#include "capture/fold.h"
#include "capture/times.h"
#include "commands.h"
#include "view/options.h"
#include "view/show.h"

/*
 * How often each duration was there: exactly below 128 ns, and to within a
 * hundred and twenty-eighth above, whatever the number of calls.
 */
enum { STEPS = 128, BUCKETS = (64 - 6) * STEPS };

struct durations {
	unsigned long count, *bucket;
	uint64_t min, max, total;	/* ns */
};

enum table { SYSCALLS, EXITS, RETURNS, TABLES };

/* A line of a table. */
struct row {
	char *name;
	enum table table;
	unsigned long count, errors, open;
	unsigned long calls;	/* of kernel functions, inside of them all */
	unsigned long functions;	/* different ones among those */
	void *seen;		/* a tree of their names */
	struct durations time;
};

struct thread_row {
	const char *name;
	unsigned long count[TABLES], runs, calls;
};

struct stats {
	struct capture *c;
	struct times *times;	/* NULL: none */
	void *rows;		/* a tree of struct row, by table and name */
	struct row **row;	/* in order, when all is counted */
	size_t row_count;
	struct thread_row *thread;
	size_t threads;
	struct thread_row *now;
	struct record_time at;	/* of the record that is being counted */
	struct row *exit;	/* to the kernel, that has not come back */
	struct row *back;	/* to the program, that has not run since */
	uint64_t exit_start, back_start;	/* ns */
};

/* --- durations ------------------------------------------------------ */

/* Eight bits of the number say which step it is, its length which octave. */
static unsigned int bucket_of(uint64_t ns)
{
	int shift = ns < STEPS ? 0 : 63 - __builtin_clzll(ns) - 7;

	return shift <= 0 ? ns : shift * STEPS + (ns >> shift);
}

/* The smallest number of a bucket. */
static uint64_t bucket_start(unsigned int bucket)
{
	unsigned int shift = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;

	return (uint64_t)(bucket - shift * STEPS) << shift;
}

static void add_time(struct durations *d, uint64_t ns)
{
	if (!d->bucket)
		d->bucket = xcalloc(BUCKETS, sizeof(*d->bucket));
	if (!d->count || ns < d->min)
		d->min = ns;
	if (ns > d->max)
		d->max = ns;
	d->total += ns;
	d->bucket[bucket_of(ns)]++;
	d->count++;
}

/* The lower of the two in the middle, rounded down as the buckets are. */
static uint64_t median(const struct durations *d)
{
	unsigned long before = 0, half = (d->count - 1) / 2;
	unsigned int i = 0;
	uint64_t start;

	while (before + d->bucket[i] <= half)
		before += d->bucket[i++];
	start = bucket_start(i);
	return start < d->min ? d->min : start;
}

/* --- counting ------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct row *row_of(struct stats *s, enum table table, const char *text,
			  size_t length)
{
	struct row like = { .name = xasprintf("%.*s", (int)length, text),
			    .table = table };
	struct row **slot = tsearch(&like, &s->rows, by_name);

	if (!slot)
		die(KVT_FAILED, "out of memory");
	if (*slot != &like) {
		free(like.name);
		return *slot;
	}
	*slot = xcalloc(1, sizeof(**slot));
	**slot = like;
	s->row = xrealloc(s->row, (s->row_count + 1) * sizeof(*s->row));
	s->row[s->row_count++] = *slot;
	return *slot;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void count_function(struct row *r, const char *name)
{
	void *slot;

	r->calls++;
	if (tfind(name, &r->seen, by_text))
		return;
	slot = tsearch(xstrdup(name), &r->seen, by_text);
	if (!slot)
		die(KVT_FAILED, "out of memory");
	r->functions++;
}

/* The vCPU is back in the guest, or the system call ended. */
static void end_exit(struct stats *s, uint64_t ns)
{
	if (s->exit && s->times && ns >= s->exit_start)
		add_time(&s->exit->time, ns - s->exit_start);
	s->exit = NULL;
}

static void end_back(struct stats *s)
{
	if (s->back && s->times && s->at.start >= s->back_start)
		add_time(&s->back->time, s->at.start - s->back_start);
	s->back = NULL;
}

/* An exit's row is what it says of the reason: but for the place in the
 * guest, all that is in it. */
static void count_event(struct stats *s, const struct node *n)
{
	const char *pc = strstr(n->args, ", vcpu_pc=");
	size_t length = pc ? (size_t)(pc - n->args) : strlen(n->args);

	if (!strcmp(n->name, "kvm_exit")) {
		s->exit = row_of(s, EXITS, n->args, length);
		s->exit->count++;
		s->exit_start = s->at.start;
		s->now->count[EXITS]++;
	} else if (!strcmp(n->name, "kvm_entry")) {
		end_exit(s, s->at.start);
	} else if (!strcmp(n->name, "kvm_userspace_exit")) {
		s->back = row_of(s, RETURNS, n->args, length);
		s->back->count++;
		s->back_start = s->at.start;
		s->now->count[RETURNS]++;
	}
}

static void count_below(struct stats *s, struct row *r, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];

		if (s->times && !is_level(c))
			s->at = times_next(s->times);
		if (c->kind == NODE_CALL) {
			s->now->calls++;
			count_function(r, c->name);
		} else if (c->kind == NODE_EVENT) {
			count_event(s, c);
		}
		count_below(s, r, c);
	}
}

static void enter_thread(struct stats *s, const struct thread *t)
{
	if (s->now && s->now->name == t->name)
		return;
	s->thread = xrealloc(s->thread,
			     (s->threads + 1) * sizeof(*s->thread));
	s->now = &s->thread[s->threads++];
	*s->now = (struct thread_row){ .name = t->name };
	s->exit = s->back = NULL;
}

/* A system call, or a function or event that stands outside of any. */
static void count_top(void *data, const struct thread *t, struct node *n)
{
	struct stats *s = data;
	size_t length;
	const char *request = request_of(n, &length);
	struct record_time top;
	struct node outside = { .child = &n, .children = 1 };
	struct row *r;

	enter_thread(s, t);
	if (n->kind != NODE_SYSCALL) {
		count_below(s, row_of(s, SYSCALLS, "", 0), &outside);
		return;
	}
	if (s->times)
		s->at = times_next(s->times);
	top = s->at;
	r = row_of(s, SYSCALLS, length ? request : n->name,
		   length ?: strlen(n->name));
	r->count++;
	r->errors += n->result && !strncmp(n->result, "-E", 2);
	r->open += n->open;
	s->now->count[SYSCALLS]++;
	if (!strcmp(r->name, "KVM_RUN")) {
		s->now->runs++;
		end_back(s);
	}
	count_below(s, r, n);
	if (s->times && !n->open)
		add_time(&r->time, top.duration);
	end_exit(s, top.start + top.duration);
}

/* --- printing ------------------------------------------------------- */

/* The most frequent first. */
static int by_count(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a;
	const struct row *y = *(struct row *const *)b;

	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static const char *name_of(const struct row *r)
{
	return *r->name ? r->name : "(outside of system calls)";
}

static void put_times(const struct stats *s, const struct durations *d)
{
	if (s->times && d->count)
		printf("  %10" PRIu64 "  %10" PRIu64 "  %10" PRIu64
		       "  %12" PRIu64, d->min, median(d), d->max, d->total);
	putchar('\n');
}

static void put_head(const struct stats *s, enum table table)
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
	if (s->times)
		printf("  %10s  %10s  %10s  %12s", "min ns", "median ns",
		       "max ns", "total ns");
	putchar('\n');
}

static void put_tables(const struct stats *s)
{
	enum table table = TABLES;

	for (size_t i = 0; i < s->row_count; i++) {
		const struct row *r = s->row[i];

		if (r->table != table)
			put_head(s, table = r->table);
		printf("%-33s  %6lu", name_of(r), r->count);
		if (table == SYSCALLS)
			printf("  %6lu  %5lu  %9lu  %8lu", r->errors, r->open,
			       r->functions, r->calls);
		put_times(s, &r->time);
	}
}

static void put_text_form(const struct stats *s)
{
	const struct painter plain = { .colour = false };

	show_header(&plain, s->c);
	put_tables(s);
	printf("\n%-33s  %6s  %7s  %9s  %10s  %8s\n", "thread", "times",
	       "KVM_RUN", "to kernel", "to program", "calls");
	for (size_t i = 0; i < s->threads; i++) {
		const struct thread_row *t = &s->thread[i];

		printf("%-33s  %6lu  %7lu  %9lu  %10lu  %8lu\n", t->name,
		       t->count[SYSCALLS], t->runs, t->count[EXITS],
		       t->count[RETURNS], t->calls);
	}
}

static void json_text(const char *before, const char *key, const char *value)
{
	printf("%s\"%s\":", before, key);
	if (value)
		json_string(stdout, value, strlen(value));
	else
		fputs("null", stdout);
}

static void json_row(const struct stats *s, const struct row *r)
{
	const struct durations *d = &r->time;

	json_text("\n  {", "name", r->name);
	printf(",\"count\":%lu", r->count);
	if (r->table == SYSCALLS)
		printf(",\"errors\":%lu,\"never_returned\":%lu,"
		       "\"functions\":%lu,\"calls\":%lu", r->errors, r->open,
		       r->functions, r->calls);
	if (s->times && d->count)
		printf(",\"ns\":{\"count\":%lu,\"min\":%" PRIu64
		       ",\"median\":%" PRIu64 ",\"max\":%" PRIu64
		       ",\"total\":%" PRIu64 "}", d->count, d->min,
		       median(d), d->max, d->total);
	putchar('}');
}

static void put_json_form(const struct stats *s)
{
	static const char *const name[TABLES] = {
		[SYSCALLS] = "syscalls", [EXITS] = "exits",
		[RETURNS] = "userspace_exits",
	};
	static const char *const key[] = {
		"kernel", "mode", "program", "status", "stopped",
	};

	for (size_t i = 0; i < sizeof(key) / sizeof(*key); i++)
		json_text(i ? ",\n" : "{", key[i],
			  capture_header(s->c, key[i]));
	printf(",\n\"records\":%lu", s->c->records);
	for (size_t i = 0, table = 0; table < TABLES; table++) {
		printf(",\n\"%s\":[", name[table]);
		for (size_t first = i; i < s->row_count &&
		     s->row[i]->table == table; i++) {
			fputs(i > first ? "," : "", stdout);
			json_row(s, s->row[i]);
		}
		putchar(']');
	}
	fputs(",\n\"threads\":[", stdout);
	for (size_t i = 0; i < s->threads; i++) {
		const struct thread_row *t = &s->thread[i];

		json_text(i ? ",\n  {" : "\n  {", "name", t->name);
		printf(",\"syscalls\":%lu,\"runs\":%lu,\"exits\":%lu,"
		       "\"userspace_exits\":%lu,\"calls\":%lu}",
		       t->count[SYSCALLS], t->runs, t->count[EXITS],
		       t->count[RETURNS], t->calls);
	}
	puts("]}");
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

struct stats_options {
	const char *times;
	bool json;
};

static void take(void *data, int opt, const char *value)
{
	struct stats_options *o = data;

	if (opt == 't')
		o->times = value;
	else
		o->json = true;
}

static void free_row(void *row)
{
	struct row *r = row;

	tdestroy(r->seen, free);
	free(r->time.bucket);
	free(r->name);
	free(r);
}

static void free_stats(struct stats *s)
{
	tdestroy(s->rows, free_row);
	free(s->row);
	free(s->thread);
	capture_free(s->c);
}

static void stats(const char *file, const struct stats_options *o)
{
	struct stats s = { .c = capture_stream(file) };

	if (o->times)
		s.times = times_open(o->times, s.c);
	if (s.c->stream)
		capture_each(s.c, count_top, &s);
	for (unsigned int i = 0; i < s.c->threads && !s.c->stream; i++)
		for (unsigned int k = 0; k < s.c->thread[i].root.children; k++)
			count_top(&s, &s.c->thread[i],
				  s.c->thread[i].root.child[k]);
	if (s.times)
		times_close(s.times);
	if (s.row)
		qsort(s.row, s.row_count, sizeof(*s.row), by_count);
	if (o->json)
		put_json_form(&s);
	else
		put_text_form(&s);
	free_stats(&s);
}

int cmd_stats(int argc, char **argv)
{
	static const struct option own[] = {
		{ "times", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ }
	};
	static const struct command_options options = {
		.own = own, .take = take, .help = stats_help,
	};
	struct options shared = { .open = 0 };
	struct stats_options o = { .times = NULL };
	int status = options_parse(&shared, &options, &o, argc, argv);

	if (status >= 0)
		return status;
	if (optind != argc - 1)
		die(KVT_USAGE, "stats takes one capture; see"
		    " 'kvt stats --help'");
	stats(argv[optind], &o);
	close_file(stdout, "standard output");
	return KVT_OK;
}
