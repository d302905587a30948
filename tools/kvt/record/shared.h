/* SPDX-License-Identifier: MIT */
/*
 * The options of the function-graph tracer that a recording depends on.
 *
 * Up to 6.18 there is one set for the whole machine, which all instances
 * share; later kernels have one for each instance.  So they are set, and read
 * back, in our instance; what the machine's own were is noted, for those
 * kernels where ours are the same.  A value is '0', '1', or '-' where the
 * kernel lacks the option.
 */
#ifndef KVT_SHARED_H
#define KVT_SHARED_H

#include <stdbool.h>

struct tracefs_instance;

enum { SHARED_ARGS, SHARED_RETVAL, SHARED_RETADDR, SHARED_IRQS,
       SHARED_OPTIONS };

/* One value an option, as text, with a NUL behind them. */
struct shared_values {
	char value[SHARED_OPTIONS + 1];
};

/* The values that hold in the instance, or, if that is NULL, at the top. */
struct shared_values shared_read(struct tracefs_instance *instance);
/* Gives the machine its own values back. */
void shared_write(const struct shared_values *v);
/* Sets the options as a recording in the instance needs them; returns what
 * they are then. */
struct shared_values shared_prepare(struct tracefs_instance *instance);

#endif
