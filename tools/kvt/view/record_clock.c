// SPDX-License-Identifier: MIT
/* Which record a call is, and when it ran. */
#include <stdlib.h>

#include "base/memory.h"
#include "capture/capture.h"
#include "capture/times.h"
#include "capture/walk.h"
#include "view/record_clock.h"

/* Reads the times of all records of C, by record number. */
static struct record_time *all_times(const char *file, const struct capture *c)
{
	struct record_time *m = xcalloc(c->records + 1, sizeof(*m));
	struct times *t = times_open(file, c);

	for (unsigned long i = 1; i <= c->records; i++)
		m[i] = times_next(t);
	times_close(t);
	return m;
}

/* Numbers all records below N, after those before it. */
static void number_records(struct record_clock *clock, const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		if (!is_level(n->child[i]))
			clock->number_at[n->child[i]->line] = ++clock->number;
		number_records(clock, n->child[i]);
	}
}

static void number_all(struct record_clock *clock, const struct capture *c)
{
	size_t lines = 0;

	/* Returns the highest line: that of the very last call. */
	if (c->threads)
		for (const struct node *n = &c->thread[c->threads - 1].root;
		     n->children; lines = n->line)
			n = n->child[n->children - 1];
	clock->number_at = xcalloc(lines + 1, sizeof(*clock->number_at));
	for (unsigned int i = 0; i < c->threads; i++)
		number_records(clock, &c->thread[i].root);
}

struct record_clock record_clock_open(const struct capture *c,
				      const char *times, bool all)
{
	struct record_clock clock = { .number = 0 };

	if (times)
		clock.moment = all_times(times, c);
	if (!all)
		number_all(&clock, c);
	return clock;
}

void record_clock_enter(struct record_clock *clock, const struct node *n)
{
	if (!is_level(n))
		clock->number = clock->number_at ? clock->number_at[n->line]
						 : clock->number + 1;
}

const struct record_time *record_clock_now(const struct record_clock *clock,
					   const struct node *n)
{
	return clock->moment && !is_level(n) ? &clock->moment[clock->number]
					     : NULL;
}

struct record_time record_clock_span(const struct record_clock *clock,
				     const struct node *n)
{
	unsigned long first = clock->number, count, last;
	struct record_time m;

	if (record_clock_now(clock, n))
		return *record_clock_now(clock, n);
	count = tree_count(n);
	if (!is_level(n))
		return (struct record_time){ 1000 * first, 1000 * (count + 1), 0 };
	for (; is_level(n); n = n->child[0])
		;
	first = clock->number_at ? clock->number_at[n->line]
				 : clock->number + 1;
	if (!clock->moment)
		return (struct record_time){ 1000 * first, 1000 * count, 0 };
	m = clock->moment[first];
	for (last = first + 1; last < first + count; last++) {
		const struct record_time *l = &clock->moment[last];

		if (l->start + l->duration > m.start + m.duration)
			m.duration = l->start + l->duration - m.start;
	}
	return m;
}

void record_clock_close(struct record_clock *clock)
{
	free(clock->moment);
	free(clock->number_at);
	*clock = (struct record_clock){ .number = 0 };
}
