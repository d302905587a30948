/* SPDX-License-Identifier: MIT */
/*
 * Who called: the second tracer of a recording has, in the same order, the
 * same calls with the address that each returns to.
 *
 * Its pages are read in step with the first tracer's, so what waits in memory
 * is what one of them is ahead.  Tracers that do not agree end the program
 * with KVT_BAD_CAPTURE, or with KVT_LOST where the kernel dropped events.
 */
#ifndef KVT_CALLERS_H
#define KVT_CALLERS_H

#include <stddef.h>
#include <stdint.h>

struct callers;
struct facts;

/* PAGE: bytes of a page of the ring buffer. */
struct callers *callers_open(const struct facts *facts, const char *dir,
			     size_t page);
/* The address to which the next call of the thread PID returns; it must be one
 * of the function at FUNCTION. */
uint64_t callers_next(struct callers *c, int pid, uint64_t function);
/* Reads the rest, which nobody asked for: pages tell of losses, too. */
void callers_finish(struct callers *c);
void callers_close(struct callers *c);

#endif
