/* SPDX-License-Identifier: MIT */
/* The threads and descriptors of a process that runs already; each
 * function dies if there is none. */
#ifndef KVT_ATTACH_H
#define KVT_ATTACH_H

#include <stdio.h>
#include <sys/types.h>

/* Its threads, "12 13 14 ", to be freed. */
char *attach_threads(pid_t pid);
/* The file that it runs, to be freed. */
char *attach_program(pid_t pid);
/* Writes "FD KIND" lines, by tabs, of its descriptors that are KVM's. */
void attach_fds(pid_t pid, FILE *out);

/* The process that the thread belongs to, or 0 if the thread has ended, be it
 * that nobody has waited for it yet.  This one does not die. */
pid_t attach_living(pid_t thread);

#endif
