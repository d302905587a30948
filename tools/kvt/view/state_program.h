/* SPDX-License-Identifier: MIT */
/*
 * What a state learns of the program's side: from its system calls, and from
 * the faults of its guest.  view/state.h says how long all of it lasts.
 */
#ifndef KVT_STATE_PROGRAM_H
#define KVT_STATE_PROGRAM_H

#include "view/state_objects.h"

/* N is a system call that has returned. */
void state_learn_syscall(struct state *s, const struct node *n);
/* N is a call or an event that begins. */
void state_learn_fault(struct state *s, const struct node *n);
void state_free_program(struct state *s);

#endif
