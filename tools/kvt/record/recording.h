/* SPDX-License-Identifier: MIT */
/* One recording, from the first look at the machine to the last line. */
#ifndef KVT_RECORDING_H
#define KVT_RECORDING_H

struct recorder;

/*
 * Records into R->dir, with the functions of the table FUNCTIONS, the program
 * ARGV, or what R->pid says.  Returns the program's exit status, or
 * STATUS_UNKNOWN if it goes on.
 */
int recording_make(struct recorder *r, const char *functions, char **argv);
#endif
