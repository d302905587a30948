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

#endif
