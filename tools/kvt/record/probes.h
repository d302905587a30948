/* SPDX-License-Identifier: MIT */
/* Events of our own, which no kernel has: who made a system call, and what
 * an ioctl's argument points to.  A kernel without kprobes goes without. */
#ifndef KVT_PROBES_H
#define KVT_PROBES_H

#include <stdbool.h>

struct recorder;

/* Makes the events, and writes their formats to R->dir. */
void probes_create(struct recorder *r);
void probes_enable(struct recorder *r);
void probes_destroy(struct recorder *r);
/* Removes the events of recorders that LIVES says are gone. */
void probes_clean_stale(bool (*lives)(long pid));

#endif
