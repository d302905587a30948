/* SPDX-License-Identifier: MIT */
/*
 * The threads and descriptors of a process that already runs.
 *
 * Every function ends the program if there is no such process.
 */
#ifndef KVT_ATTACH_H
#define KVT_ATTACH_H

#include <stdio.h>
#include <sys/types.h>

/* Its threads, "12 13 14 "; the caller frees it. */
char *attach_threads(pid_t pid);
/* The path of its program; the caller frees it. */
char *attach_program(pid_t pid);
/* Writes a line "FD<tab>KIND" for each of its descriptors that is KVM's. */
void attach_fds(pid_t pid, FILE *out);

/* The process that the thread belongs to, or 0 if the thread has ended, be it
 * that nobody has waited for it yet.  This one does not die. */
pid_t attach_living(pid_t thread);

#endif
