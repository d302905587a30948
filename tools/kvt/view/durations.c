// SPDX-License-Identifier: MIT
/* A histogram of durations, whose buckets grow with what they hold. */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "view/durations.h"

enum { STEPS = 128, BUCKETS = (64 - 6) * STEPS };

/* The length of a number chooses the octave, its first eight bits the step. */
static unsigned int bucket_of(uint64_t ns)
{
	int shift = ns < STEPS ? 0 : 63 - __builtin_clzll(ns) - 7;

	return shift <= 0 ? ns : shift * STEPS + (ns >> shift);
}

/* Returns the smallest number in a bucket. */
static uint64_t bucket_start(unsigned int bucket)
{
	unsigned int shift = bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;

	return (uint64_t)(bucket - shift * STEPS) << shift;
}

void durations_add(struct durations *d, uint64_t ns)
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

uint64_t durations_median(const struct durations *d)
{
	unsigned long before = 0, half = (d->count - 1) / 2;
	unsigned int i = 0;
	uint64_t start;

	while (before + d->bucket[i] <= half)
		before += d->bucket[i++];
	start = bucket_start(i);
	return start < d->min ? d->min : start;
}

void durations_free(struct durations *d)
{
	free(d->bucket);
	*d = (struct durations){ .count = 0 };
}
