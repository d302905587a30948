/* SPDX-License-Identifier: MIT */
/* What the machine must be for a recording to be whole, and what it is. */
#ifndef KVT_MACHINE_H
#define KVT_MACHINE_H

struct recorder;

/* Dies where a recording would miss things without a word. */
void machine_check(void);
/* The same of what can change meanwhile: is the function tracer on? */
void machine_check_tracer(void);
/*
 * How KVM uses EL2: "vhe", "nvhe", "protected", "nested" or "unknown".  R has
 * its instance, which is not set up yet.
 */
const char *machine_mode(struct recorder *r);
/* The same, of the kernel's log alone; NULL if the log does not say. */
const char *machine_mode_of_log(const char *log);

#endif
