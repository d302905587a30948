/* SPDX-License-Identifier: MIT */
/*
 * What of a recording stays, decided before anything is written.
 *
 * Much of a recording says nothing about the program: visits of the
 * scheduler, rounds of KVM_RUN that host interrupts cause, system calls that
 * cannot concern KVM.  Whether a step belongs to such a thing is known only
 * when the thing ends, so a first reading of the whole recording decides,
 * and keeps ranges of steps to leave out: memory for those, not for steps.
 *
 * The steps of a thread are numbered from 0, in the order of steps_next().
 * A range that is left out holds the calls that begin in it whole: a reader
 * that skips it sees each remaining return after its call.
 */
#ifndef KVT_OUTLINE_H
#define KVT_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "import/steps.h"

struct step_range {
	uint64_t from, to;	/* TO is part of it */
};

/* A system call that made a thread or process. */
struct birth {
	uint64_t at;		/* its first step */
	int64_t pid;		/* that it made */
	bool copies;		/* the descriptors, instead of sharing them */
};

struct thread_outline {
	struct step_range *cut;	/* left out, in order; stb_ds, as are all */
	uint64_t *bare;		/* first steps of empty system calls to keep */
	struct birth *birth;	/* in order */
};

struct outline {
	struct thread_outline *thread;	/* by number */
	unsigned long rounds, schedules, copies;	/* left out */
	unsigned long begun;	/* system calls that began before it */
	bool exits;		/* a process of the recording ended itself */
};

/* Reads all steps.  ATTACHED: the program ran before the recording began.
 * Ends with outline_free(). */
struct outline *outline_find(struct raw_steps *steps, bool attached);
void outline_free(struct outline *s);

#endif
