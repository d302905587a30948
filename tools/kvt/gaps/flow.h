/* SPDX-License-Identifier: MIT */
/*
 * The ways through a function that `kvt gaps` writes down: which calls that a
 * trace shows, and which gaps, may come next after which.
 *
 * A caller makes a struct flow, adds what it knows of single instructions, and
 * has it printed.  Dies only for want of memory.
 */
#ifndef KVT_FLOW_H
#define KVT_FLOW_H

#include <stdint.h>
#include <stdio.h>

#include "gaps/code.h"

enum way_kind {
	WAY_ENTER,		/* where the function begins */
	WAY_CALL,		/* a call that a trace shows, if it was made */
	WAY_POINTER,		/* one that it may show */
	WAY_SWITCH,		/* a jump to anywhere in the function */
	WAY_GAP,		/* where a gap runs if this does */
	WAY_PART,		/* where it may run: a part of it that the
				 * compiler may have moved, or a call on the
				 * way to it */
};
/* The words of the table. */
extern const char *const way_names[];

struct flow;
struct given;
/* Of F in MODE; for one value of an argument if V, the caller's, is not NULL. */
struct flow *flow_new(const struct code *c, const struct code_function *f,
		      enum mode mode, const struct given *v);
/* Where the flow goes on behind the instruction AT. */
void flow_next(const struct flow *w, uint64_t at, struct code_next *next);
/* At the instruction AT stands a KIND of NAME, called at PLACE; copies both.
 * What cannot be reached in the mode does not count. */
void flow_add(struct flow *w, uint64_t at, enum way_kind kind,
	      const char *name, const char *place);
/*
 * The rows of the table behind the columns of function and mode, a line each:
 * number, name, kind, place, and the numbers of what comes next, "exit" among
 * them; "*" is anything.  To be freed by the caller.
 */
char *flow_text(struct flow *w);
void flow_free(struct flow *w);

#endif
