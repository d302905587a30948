/* SPDX-License-Identifier: MIT */
/*
 * What a capture says of one recorded call or tracepoint.
 *
 * Everything that depends on the function or tracepoint only is looked up
 * once and kept as a plan.  A plan is valid until words_free(); so is what
 * words_objects() returns.
 *
 * Objects are numbered as they appear, and end, so the caller has to go
 * through all threads' calls in order of time: words_args() when a call
 * begins, words_result() and words_returned() when it ends.  A call that
 * never returned has neither.
 *
 * The facts belong to the caller and must live as long as the words.
 * Running out of memory ends the program; nothing else does.
 */
#ifndef KVT_WORDS_H
#define KVT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct facts;
struct function;
struct objects;
struct tep_event;
struct words;
struct call_plan;
struct event_plan;
/* What lies on the kernel's stack of one thread. */
struct words_thread;

/* ARGS, RETVAL: what the recording has of each call. */
struct words *words_new(const struct facts *facts, bool args, bool retval);
void words_free(struct words *w);
/* For system calls, whose words are written by import/syscalls.h. */
struct objects *words_objects(struct words *w);

struct words_thread *words_thread_new(struct words *w);
void words_thread_free(struct words_thread *t);
/*
 * T enters a system call.  STACK: where the kernel keeps the program's
 * registers (struct pt_regs), the field "sp" of the event of our own at each
 * entry; the frames of the kernel's functions lie below it.  0: not recorded;
 * then what is on the stack is not known to end.
 */
void words_enter(struct words_thread *t, uint64_t stack);
/* T leaves it: nothing is on its stack any more. */
void words_leave(struct words_thread *t);

const struct call_plan *words_function(struct words *w,
				       const struct function *f);
const struct event_plan *words_event(struct words *w,
				     const struct tep_event *e);

/* Appends "name=value, ...".  T calls the function of PLAN; WORDS argument
 * registers were recorded. */
void words_args(struct words *w, struct words_thread *t, struct buf *out,
		const struct call_plan *plan, const uint64_t *word, int words);
/* Appends " = value"; nothing where the function or the recording has no
 * result. */
void words_result(struct words *w, struct words_thread *t, struct buf *out,
		  const struct call_plan *plan, uint64_t result);
/* The last call of T that has not returned does: objects that it destroyed
 * are gone.  WORD and WORDS are those of words_args(). */
void words_returned(struct words *w, struct words_thread *t,
		    const struct call_plan *plan, const uint64_t *word,
		    int words, uint64_t result);
/* Appends "name=value, ..." of a record of SIZE bytes. */
void words_event_fields(struct words *w, struct words_thread *t,
			struct buf *out, const struct event_plan *plan,
			const void *data, unsigned int size);

#endif
