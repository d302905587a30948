/* SPDX-License-Identifier: MIT */
/* Events of the ring buffer in order of time, over all CPUs. */
#ifndef KVT_RAW_H
#define KVT_RAW_H

#include <stddef.h>
#include <stdint.h>

struct raw_event {
	uint64_t ts;		/* ns */
	int cpu;
	unsigned int size;
	void *data;
};

struct raw;
/* Its files in DIR are NAME and the CPU's number: "cpu0.raw". */
struct raw *raw_open(const char *dir, const char *name);
/* The same of pages in memory, which it then owns; a call a CPU. */
struct raw *raw_new(void);
void raw_add_cpu(struct raw *r, char *pages, size_t size);
/* The next event, or NULL at the end. */
struct raw_event *raw_next(struct raw *r);
/* Events that the kernel says it dropped, all CPUs together. */
unsigned long long raw_lost(const struct raw *r);
void raw_close(struct raw *r);

#endif
