/* SPDX-License-Identifier: MIT */
/*
 * Walks what is asked for of a capture, and changes nothing in it.
 *
 * What repeats is shown once if the tree was folded before, which
 * view_prepare() does; a stream and a tree that was not folded are walked
 * call by call.  tree_walk() dies with KVT_USAGE if the view selects nothing.
 */
#ifndef KVT_WALK_H
#define KVT_WALK_H

#include <stdbool.h>

#include "capture/capture.h"

struct capture;
struct node;
struct thread;

struct view {
	const char *function;	/* only subtrees of this function */
	const char *syscall;	/* only these system calls or ioctls */
	const char *at;		/* only those made at FILE:LINE */
	long nth;		/* only the nth match, from 1; 0: all */
	long depth;		/* levels below each root; 0: all */
	bool unfold;		/* show repetitions one by one */
	bool traced;		/* leave the levels out */
	bool optional;		/* a view that selects nothing is fine */
};

/*
 * What a format does with what a walk meets.  DEPTH is how many levels a line
 * stands below the first that is shown, groups included.
 */
struct tree_ops {
	/* A thread begins; called only where a capture has several. */
	void (*thread)(void *data, const struct thread *t);
	/* A row of calls that repeats begins, and ends. */
	void (*group)(void *data, const struct node *first, long depth);
	void (*group_end)(void *data, long depth);
	/* A call.  TIMES is how often it comes in a row, or 1 inside a group.
	 * LEVEL counts recorded calls only.  BELOW: how many calls there are
	 * below that the view's depth leaves out. */
	void (*enter)(void *data, const struct node *n, long depth,
		      long level, unsigned int times, unsigned long below);
	void (*leave)(void *data, const struct node *n, long depth);
};

/* Makes a capture in memory ready for V, once, before tree_walk(): takes the
 * levels out for `traced`, and folds unless V unfolds. */
void view_prepare(struct capture *c, const struct view *v);
void tree_walk(const struct capture *c, const struct view *v,
	       const struct tree_ops *ops, void *data);
/* Does V select all system calls? */
bool tree_shows_all(const struct view *v);
/* What V selects, as options: " --syscall NAME --nth 2"; to be freed. */
char *tree_asked(const struct view *v);
/* How many calls, system calls and events there are below N. */
unsigned long tree_count(const struct node *n);
/* Are the rounds of N's group the same to the letter?  N must be folded. */
bool tree_group_alike(const struct node *n);

#endif
