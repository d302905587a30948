/* SPDX-License-Identifier: MIT */
/* Starts the program, or joins one that runs, and records until it ends. */
#ifndef KVT_PROGRAM_H
#define KVT_PROGRAM_H

struct recorder;

/* From here on a signal ends the program, or the recording, cleanly. */
void program_catch_signals(void);
/* Forks a child that waits.  Returns what program_follow() needs to start
 * it. */
int program_fork(struct recorder *r, char **argv);
/*
 * Records until the program and all that it started have ended, or until a
 * limit or a signal.  Sets R->status and R->stopped.
 */
void program_follow(struct recorder *r, int go);
/* From here on the child may go on: an exit waits for it. */
void program_leave(void);
/* Kills our child, because its time is over. */
void program_end(struct recorder *r);
/* Waits for our child, if there still is one; sets R->status. */
void program_wait(struct recorder *r);

#endif
