/* SPDX-License-Identifier: MIT */
/* Sets an instance up, and turns it on and off. */
#ifndef KVT_TRACER_H
#define KVT_TRACER_H

#include <sys/types.h>

struct recorder;

/* Everything but tracing_on: the filter of FUNCTIONS, a table of `kvt facts`,
 * the program's threads, the events, the tracers. */
void tracer_set_up(struct recorder *r, const char *functions);
void tracer_on(struct recorder *r);
void tracer_off(struct recorder *r);
/* Did somebody change the machine's tracer while we recorded?  Dies then. */
void tracer_check(const struct recorder *r);
/* A process that the tracer follows and that lives, or 0. */
pid_t tracer_living(struct recorder *r);
/* Kills all of those. */
void tracer_kill(struct recorder *r);

#endif
