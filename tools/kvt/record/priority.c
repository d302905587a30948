// SPDX-License-Identifier: MIT
/*
 * On a CPU that it shares with many threads, the recorder would have as much
 * time as each of them, and fall behind what they all write.  So it runs at
 * a real-time priority while it reads.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "record/priority.h"

/* The kernel's struct sched_attr: the C libraries of our systems disagree
 * about which header has it. */
struct scheduling {
	uint32_t size;		/* bytes of this, as the kernel knows it */
	uint32_t policy;
	uint64_t flags;		/* SCHED_FLAG_RESET_ON_FORK and others */
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

static struct scheduling found;
static bool is_known, is_raised;

void priority_find(void)
{
	is_known = !syscall(SYS_sched_getattr, 0, &found, sizeof(found), 0);
}

static bool is_ordinary(void)
{
	return found.policy == SCHED_OTHER || found.policy == SCHED_BATCH ||
	       found.policy == SCHED_IDLE;
}

void priority_raise(void)
{
	struct scheduling first = found;

	if (!is_known || !is_ordinary())
		return;
	first.policy = SCHED_RR;
	first.nice = 0;
	first.priority = 1;
	is_raised = !syscall(SYS_sched_setattr, 0, &first, 0);
}

void priority_restore(void)
{
	const uint64_t reset_on_fork = 1;

	if (is_known && (is_raised || found.flags & reset_on_fork))
		syscall(SYS_sched_setattr, 0, &found, 0);
	is_raised = false;
}
