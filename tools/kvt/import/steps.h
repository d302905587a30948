/* SPDX-License-Identifier: MIT */
/*
 * A raw recording as the steps of threads, in order of time: a function is
 * called, a system call returns, a tracepoint fires.
 *
 * Threads are numbered by their first step, from 0.  A step and the data it
 * points to are valid until the next step is asked for; callees and
 * tracepoints, until steps_close().  A recording that is not sound ends the
 * program with KVT_BAD_CAPTURE; one of another kernel than the facts', with
 * KVT_FAILED.
 */
#ifndef KVT_STEPS_H
#define KVT_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "import/program_lines.h"
#include "import/syscalls.h"

struct facts;
struct function;
struct raw;
struct tep_event;

enum {
	MAX_ARGS = 8,		/* registers that hold arguments */
	MAX_DEPTH = 1000,	/* of calls, as the reader of captures has it */
};

/* What a function's name means for the import, one bit each. */
enum callee_role {
	CALLEE_SCHEDULER = 1,	/* tells KVM that the thread comes or goes */
	CALLEE_LOOP_HEAD = 2,	/* KVM_RUN calls it once in each round */
	CALLEE_COPY = 4,	/* tells KVM that a page changes its place ... */
	CALLEE_COPY_BEGINS = 8,	/* ... and this one comes first */
	CALLEE_TIMER = 16,
	CALLEE_OPENS_KVM = 32,	/* only opening /dev/kvm calls it */
	CALLEE_MAKES_FD = 64,	/* its result is a new descriptor */
	CALLEE_ACTS_ONCE = 128,	/* on what KVM noted before the entry */
	CALLEE_TELLS = 256,	/* the program, what the guest has done */
	CALLEE_OF_PERF = 512,	/* perf calls it, when a thread comes or goes */
	CALLEE_ASKS_PERF = 1024,	/* and when this function asks it to */
};

/* A function, by the address that the tracer has for it. */
struct traced_function {
	uint64_t address;
	const char *name;	/* as in the facts */
	const char *source_name;	/* without the compiler's suffix */
	const struct function *function;	/* of the facts */
	unsigned int roles;	/* enum callee_role, or'ed */
};

/* What a tracepoint means for the import. */
enum tracepoint_role {
	TRACEPOINT_PLAIN,
	TRACEPOINT_ENTRY,	/* the guest is about to run */
	TRACEPOINT_EXIT,	/* it has run */
	TRACEPOINT_TIMER,	/* fires in functions of the timer */
};

struct tracepoint {
	const struct tep_event *event;
	enum tracepoint_role role;
};

enum step_kind {
	STEP_CALL,		/* of a function */
	STEP_RETURN,
	STEP_SYSCALL,
	STEP_SYSCALL_RETURN,
	STEP_TRACEPOINT,	/* one of KVM's */
	STEP_OTHER,		/* a tracepoint that is not KVM's */
	STEP_USER,		/* return addresses of the next system call */
	STEP_PASSED,		/* what the next ioctl is given */
};

struct raw_step {
	enum step_kind kind;
	unsigned int thread;
	int cpu;
	uint64_t ts;		/* ns */
	uint64_t address;	/* CALL, RETURN: of the function */
	const struct traced_function *callee;	/* CALL */
	const struct tracepoint *tracepoint;	/* TRACEPOINT */
	int64_t number;		/* SYSCALL, SYSCALL_RETURN: which; a TRACEPOINT
				 * that is an EXIT: why, 0 for an interrupt */
	uint64_t result;	/* RETURN, SYSCALL_RETURN */
	const char *data;	/* the whole record, and its bytes */
	unsigned int size;
};

struct raw_steps;
/* DIR: where the formats of events are that were made for this recording.
 * RETVAL: results of calls were recorded.  RAW stays the caller's. */
struct raw_steps *steps_open(const struct facts *facts, const char *dir,
			 struct raw *raw, bool retval);
/* The next step, or NULL at the end. */
const struct raw_step *steps_next(struct raw_steps *s);
/* Begins again; numbers of threads, callees and tracepoints stay. */
void steps_rewind(struct raw_steps *s);
/* Threads that have had a step. */
unsigned int steps_threads(const struct raw_steps *s);
/* The number of the thread PID, or -1. */
int steps_thread(const struct raw_steps *s, int64_t pid);
int steps_pid(const struct raw_steps *s, unsigned int thread);
/* Of what was read so far: were there calls, and none with an argument's
 * register?  Then the tracer recorded no arguments, whatever it was told. */
bool steps_lack_args(const struct raw_steps *s);
/* Does S have steps of the kind USER? */
bool steps_have_user(const struct raw_steps *s);
/* Is the RETURN, AT, one from the function C? */
bool step_returns_from(struct raw_steps *s, const struct raw_step *at,
		       const struct traced_function *c);

/* CALL: the registers with arguments; returns how many there are. */
int step_words(const struct raw_steps *s, const struct raw_step *at,
	       uint64_t word[MAX_ARGS]);
/* SYSCALL: its arguments. */
void step_arguments(const struct raw_steps *s, const struct raw_step *at,
		    uint64_t arg[6]);
/* USER: the return addresses, nearest first; 0: not known. */
void step_user(const struct raw_steps *s, const struct raw_step *at,
	       uint64_t address[USER_ADDRESSES]);
/* USER: the top of the thread's kernel stack; 0: it was not recorded. */
uint64_t step_stack(const struct raw_steps *s, const struct raw_step *at);
/* PASSED: the words, and how many bytes of them are certain. */
void step_passed(const struct raw_steps *s, const struct raw_step *at,
		 struct passed *p);
void steps_close(struct raw_steps *s);

#endif
