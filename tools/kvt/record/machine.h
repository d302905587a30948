/* SPDX-License-Identifier: MIT */
/* Checks that the machine can make a whole recording, and asks what it is. */
#ifndef KVT_MACHINE_H
#define KVT_MACHINE_H

struct recorder;

/* Dies if a recording would silently miss things. */
void machine_check(void);
/* Checks again what can change meanwhile: is the function tracer on? */
void machine_check_tracer(void);
/*
 * How KVM uses EL2: "vhe", "nvhe", "protected", "nested" or "unknown".  R has
 * its instance, which is not set up yet.
 */
const char *machine_mode(struct recorder *r);
/* The same, of the kernel's log alone; NULL if the log does not say. */
const char *machine_mode_of_log(const char *log);

#endif
