/* SPDX-License-Identifier: MIT */
/* The tracer's options that all instances share: there is one set for the
 * whole machine.  A value is '0', '1', or '-' where the kernel lacks it. */
#ifndef KVT_SHARED_H
#define KVT_SHARED_H

#include <stdbool.h>

enum { SHARED_ARGS, SHARED_RETVAL, SHARED_RETADDR, SHARED_IRQS,
       SHARED_OPTIONS };

/* One value an option, as text, with a NUL behind them. */
struct shared_values {
	char value[SHARED_OPTIONS + 1];
};

struct shared_values shared_read(void);
void shared_write(const struct shared_values *v);
/* Sets the options as a recording needs them; returns what they are then. */
struct shared_values shared_prepare(void);

#endif
