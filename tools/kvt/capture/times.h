/* SPDX-License-Identifier: MIT */
/* The file that --times of record and import wrote beside a capture. */
#ifndef KVT_TIMES_H
#define KVT_TIMES_H

#include <stdint.h>

#include "capture/capture.h"

struct capture;

struct record_time {
	uint64_t start, duration;	/* ns */
	int cpu;
};

struct times;
/* The times of C; each of these dies if FILE does not fit it. */
struct times *times_open(const char *file, const struct capture *c);
struct record_time times_next(struct times *t);
/* There must be none left. */
void times_close(struct times *t);

#endif
