/* SPDX-License-Identifier: MIT */
/*
 * Counts durations in ns, however many there are: exact below 256 ns, and to
 * within 1/128 above.
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
/* Returns the median, rounded down; of two in the middle, the lower.  D must
 * not be empty. */
uint64_t durations_median(const struct durations *d);
void durations_free(struct durations *d);

#endif
