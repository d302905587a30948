/* SPDX-License-Identifier: MIT */
/*
 * How often each duration was there, in ns: exactly below 256 ns, and to
 * within a hundred and twenty-eighth above, whatever the number of calls.
 *
 * A struct durations begins as zeroes and ends with durations_free().
 */
#ifndef KVT_DURATIONS_H
#define KVT_DURATIONS_H

#include <stdint.h>

struct durations {
	unsigned long count, *bucket;
	uint64_t min, max, total;	/* ns */
};

void durations_add(struct durations *d, uint64_t ns);
/* The lower of the two in the middle, rounded down; D must have some. */
uint64_t durations_median(const struct durations *d);
void durations_free(struct durations *d);

#endif
