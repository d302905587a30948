/* SPDX-License-Identifier: MIT */
/*
 * Events of the ring buffer in order of time, over all CPUs.
 *
 * Pages are read as they are needed.  An event's data is valid until the
 * next call of raw_next(), raw_rewind(), or raw_close().  Pages that are not
 * sound end the program with KVT_BAD_CAPTURE.
 */
#ifndef KVT_RAW_H
#define KVT_RAW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct raw_event {
	uint64_t ts;		/* ns */
	int cpu;
	unsigned int size;	/* bytes */
	const char *data;
};

struct raw;
/* The files in DIR called NAME and the number of a CPU: "cpu0.raw"; dies if
 * there is none.  PAGE: bytes of a page of the ring buffer. */
struct raw *raw_open(const char *dir, const char *name, size_t page);
/* The same of streams, which it then closes; a call a CPU. */
struct raw *raw_new(size_t page);
void raw_add_cpu(struct raw *r, FILE *pages);
/* The next event, or NULL at the end. */
const struct raw_event *raw_next(struct raw *r);
/* Begins again with the first event. */
void raw_rewind(struct raw *r);
/* Events that the kernel says it dropped, of all pages that were read. */
unsigned long long raw_lost(const struct raw *r);
void raw_close(struct raw *r);

#endif
