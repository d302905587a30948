// SPDX-License-Identifier: MIT
/* The moments of a capture's calls, in the order of time. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/times.h"
#include "view/moments.h"

static void add_moments_of(struct call_moment **all, const struct thread *t,
			const struct node *n, struct times *times)
{
	bool is_moment = n->name && !is_level(n);
	struct record_time time = { .start = 0 };

	if (is_moment && times)
		time = times_next(times);
	if (is_moment)
		arrput(*all, ((struct call_moment){ .call = n, .thread = t,
					       .time = time.start }));
	for (unsigned int i = 0; i < n->children; i++)
		add_moments_of(all, t, n->child[i], times);
	if (is_moment && n->kind != NODE_EVENT)
		arrput(*all, ((struct call_moment){
			.call = n, .thread = t, .ends = true,
			.time = time.start + time.duration }));
}

struct call_moment *moments_of_thread(const struct thread *t)
{
	struct call_moment *all = NULL;

	add_moments_of(&all, t, &t->root, NULL);
	return all;
}

/* Compares by time; moments at the same time keep the capture's order. */
struct timed {
	uint64_t time;
	size_t at;
};

static int by_moment_time(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static struct call_moment *sorted_by_time(const struct call_moment *m)
{
	struct timed *order = NULL;
	struct call_moment *sorted = NULL;

	for (size_t i = 0; i < arrlenu(m); i++)
		arrput(order, ((struct timed){ m[i].time, i }));
	if (order)
		qsort(order, arrlenu(order), sizeof(*order), by_moment_time);
	for (size_t i = 0; i < arrlenu(order); i++)
		arrput(sorted, m[order[i].at]);
	arrfree(order);
	return sorted;
}

struct call_moment *moments_by_times(const struct capture *c, const char *file)
{
	struct times *times = times_open(file, c);
	struct call_moment *all = NULL, *sorted;
	unsigned long turn = 0;

	for (unsigned int i = 0; i < c->threads; i++)
		add_moments_of(&all, &c->thread[i], &c->thread[i].root, times);
	times_close(times);
	sorted = sorted_by_time(all);
	arrfree(all);
	for (size_t i = 0; i < arrlenu(sorted); i++) {
		turn += !i || sorted[i].thread != sorted[i - 1].thread;
		sorted[i].turn = turn;
	}
	return sorted;
}

/* --- turns that were written down ------------------------------------ */

/* The moments of one thread, and how many of them the turns used. */
struct taking {
	struct call_moment *moment;	/* stb_ds */
	size_t taken;
};

static struct taking *taking_of(struct taking *all, const struct capture *c,
				const char *thread)
{
	for (unsigned int i = 0; i < c->threads; i++)
		if (!strcmp(c->thread[i].name, thread))
			return &all[i];
	return NULL;
}

static void refuse_turns(const struct capture *c, const char *file)
	__attribute__((noreturn));

static void refuse_turns(const struct capture *c, const char *file)
{
	die(KVT_BAD_CAPTURE, "%s is not of this capture, %s: `kvt turns` makes"
	    " it from the times that were recorded with one", file, c->file);
}

static void take_turn(struct call_moment **order, struct taking *t,
		      unsigned long count, unsigned long turn)
{
	for (; count; count--) {
		arrput(*order, t->moment[t->taken++]);
		arrlast(*order).turn = turn;
	}
}

/* Puts the moments in the order that TEXT's lines say; cuts TEXT up. */
static struct call_moment *in_turns(struct taking *all, const struct capture *c,
			       const char *file, char *text)
{
	struct call_moment *order = NULL;
	unsigned long turn = 0;
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct taking *t;
		unsigned long count;
		char *field[2], *end;

		if (split_tabs(line, field, 2) != 2 ||
		    !(t = taking_of(all, c, field[0])))
			refuse_turns(c, file);
		count = strtoul(field[1], &end, 10);
		if (*end || end == field[1] ||
		    count > arrlenu(t->moment) - t->taken)
			refuse_turns(c, file);
		take_turn(&order, t, count, ++turn);
	}
	return order;
}

struct call_moment *moments_by_turns(const struct capture *c, const char *file)
{
	struct taking *all = xcalloc(c->threads + 1, sizeof(*all));
	char *text = read_file(file, NULL);
	struct call_moment *order;

	for (unsigned int i = 0; i < c->threads; i++)
		add_moments_of(&all[i].moment, &c->thread[i], &c->thread[i].root,
			    NULL);
	order = in_turns(all, c, file, text);
	for (unsigned int i = 0; i < c->threads; i++) {
		if (all[i].taken != arrlenu(all[i].moment))
			refuse_turns(c, file);
		arrfree(all[i].moment);
	}
	free(all);
	free(text);
	return order;
}

void moments_parse_turns(const char *text, unsigned long *first,
			 unsigned long *last)
{
	char *end;

	*first = 1;
	*last = -1UL;
	if (!text)
		return;
	*first = strtoul(text, &end, 10);
	if (end == text || *end != '-' || !*first)
		die(KVT_USAGE, "--turns takes FIRST-LAST, not '%s'", text);
	*last = strtoul(end + 1, &end, 10);
	if (*end || end[-1] == '-')
		die(KVT_USAGE, "--turns takes FIRST-LAST, not '%s'", text);
}
