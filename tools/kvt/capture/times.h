/* SPDX-License-Identifier: MIT */
/*
 * Reads what --times of record and import wrote beside a capture: when each
 * record began, how long it took, and on which CPU.
 *
 * The times come in the order of the records.  A file that does not fit its
 * capture ends the program with KVT_BAD_CAPTURE.
 */
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
/* FILE and C must last until times_close(). */
struct times *times_open(const char *file, const struct capture *c);
/* The times of the next record. */
struct record_time times_next(struct times *t);
/* Checks that no times are left, and frees T. */
void times_close(struct times *t);

#endif
