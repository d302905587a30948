/* SPDX-License-Identifier: MIT */
/*
 * A capture as stretches: the program, KVM and the guest in turns.
 *
 * A step is a stretch in one of three lanes.  It begins with what gave the
 * lane its turn: the program with a return, KVM with a system call or an exit
 * (the tracepoint kvm_exit), the guest with kvm_entry.  The call itself is a
 * step of the program, before KVM's.  Steps stand in the order of time as far
 * as the capture has it: thread by thread, or, with a file of turns, as the
 * threads took turns.
 *
 * Steps come in rounds: a round begins with a call of the program or with the
 * guest.  Rounds that repeat are there once, in groups of up to eight.
 *
 * strip_of() dies as tree_walk() and moments_by_turns() do.  A strip points
 * into its capture, and strip_free() frees it.
 */
#ifndef KVT_STRIP_STEPS_H
#define KVT_STRIP_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"
#include "capture/walk.h"

enum strip_lane { STRIP_PROGRAM, STRIP_KVM, STRIP_GUEST, STRIP_LANES };

struct strip_step {
	enum strip_lane lane;
	const char *kind;	/* why: "call", "memory", "debug", …; "" */
	char *label;		/* "KVM_RUN", "DABT"; "" where nothing new began */
	const struct node *began;	/* what began it */
	const struct node *row;	/* the row of a tree that shows that */
	const struct thread *thread;
	bool ends;		/* it began with the end of that */
	bool returned;		/* the program went on behind it, which is no
				 * step where its next call says so */
};

struct strip_round {
	size_t first, count;	/* steps */
	unsigned int times;	/* how often its group comes in a row */
	unsigned int group;	/* rounds in the group */
	unsigned int place;	/* in the group, from 0 */
	unsigned long turn;	/* with a file of turns, from 1; else 0 */
};

struct strip {
	const struct capture *c;
	struct strip_step *step;	/* stb_ds */
	struct strip_round *round;	/* stb_ds */
	unsigned long entries;	/* how often the guest was entered */
};

struct strip_view {
	struct view view;	/* depth says which rows the tree has */
	const char *turns;	/* the file, or NULL */
	unsigned long first, last;	/* turns of it to be shown */
};

extern const char *const strip_lane_words[STRIP_LANES];

struct strip strip_of(struct capture *c, const struct strip_view *v);
void strip_free(struct strip *s);

#endif
