/* SPDX-License-Identifier: MIT */
/*
 * When objects begin and end.
 *
 * An object ends when a function destroys it (kernel/ends.h), or, if it lives
 * on the stack, when the call returns that has it in its frame.  So we follow
 * the calls of each thread.
 *
 * A plan says what a function does to objects.  Plans and call stacks are
 * valid until lifetimes_free().  The objects belong to the caller and must
 * outlive the lifetimes.  Running out of memory ends the program; nothing
 * else does.
 */
#ifndef KVT_LIFETIMES_H
#define KVT_LIFETIMES_H

#include <stdbool.h>
#include <stdint.h>

struct call_stack;	/* the calls of a thread that have not returned */
struct life_plan;
struct lifetimes;
struct objects;

struct lifetimes *lifetimes_new(struct objects *objects);
void lifetimes_free(struct lifetimes *l);
const struct life_plan *lifetimes_plan(struct lifetimes *l,
				       const char *function);

struct call_stack *call_stack_new(struct lifetimes *l);
void call_stack_free(struct call_stack *s);
/* The thread enters the kernel.  TOP: an address above all frames on its
 * stack; 0: not known. */
void call_stack_enter(struct call_stack *s, uint64_t top);
/* It leaves: nothing is on its stack. */
void call_stack_leave(struct call_stack *s);
bool call_stack_has(const struct call_stack *s, uint64_t address);

/* A call, before its arguments are numbered.  LOWEST: of its arguments that
 * point to the stack, the lowest; UINT64_MAX: none does. */
void life_call_begins(struct call_stack *s, const struct life_plan *plan,
		 const uint64_t *word, int words, uint64_t lowest);
/* Its arguments are numbered; what follows is inside of it. */
void life_call_runs(struct call_stack *s);
/* A pointer was just written: an argument of the call that begins, or
 * something inside of the call that runs.  MADE: objects_made() before it. */
void life_touches(struct call_stack *s, uint64_t made);
/* Before the result is written. */
void life_call_gives(struct call_stack *s, const struct life_plan *plan,
		uint64_t result);
/* The call returns, and with it any call inside of it that never did. */
void life_call_returns(struct call_stack *s, const struct life_plan *plan,
		  const uint64_t *word, int words, bool failed);

#endif
