/* SPDX-License-Identifier: MIT */
/*
 * What is there at a moment of a capture: the program's descriptors and
 * mappings, the kernel's objects, and the calls that show how they hang
 * together.
 *
 * Only objects count whose end kvt knows (kernel/ends.h); of all others it
 * cannot be said whether they are still there.
 *
 * state_at() replays the moments in their order up to the end of one call, or
 * to the begin of another.
 * Everything belongs to the state until state_free(), and points into the
 * capture, which must last as long.  Running out of memory ends the program;
 * nothing else does.
 */
#ifndef KVT_STATE_H
#define KVT_STATE_H

#include "view/moments.h"
#include "view/state_objects.h"

/* Up to the end of UNTIL, or to right before BEFORE begins; both NULL: all of
 * ORDER, an array of stb_ds. */
struct state *state_at(const struct call_moment *order,
		       const struct node *until, const struct node *before);
void state_free(struct state *s);

#endif
