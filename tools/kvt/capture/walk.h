/* SPDX-License-Identifier: MIT */
/* Walks what is asked for of a capture. */
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
	bool folded;		/* the tree says itself what repeats */
	bool traced;		/* without levels */
	bool optional;		/* that nothing fits is no mistake */
};

/*
 * What a format prints for what a walk meets.  DEPTH is how deep a line
 * stands below the first that is shown, groups included.
 */
struct tree_ops {
	/* A thread begins; called only where a capture has several. */
	void (*thread)(void *data, const struct thread *t);
	/* A row of calls that repeats begins, and ends. */
	void (*group)(void *data, const struct node *first, long depth);
	void (*group_end)(void *data, long depth);
	/* A call; TIMES is how often it stands in a row, 1 if that is said
	 * elsewhere.  LEVEL counts calls only.  BELOW: how many more there
	 * are that the view's depth leaves out. */
	void (*enter)(void *data, const struct node *n, long depth,
		      long level, unsigned int times, unsigned long below);
	void (*leave)(void *data, const struct node *n, long depth);
};

/* Walks what VIEW selects of C; dies if that is nothing. */
void tree_walk(struct capture *c, const struct view *view,
	       const struct tree_ops *ops, void *data);
/* Does VIEW select nothing, but show all system calls? */
bool tree_shows_all(const struct view *v);
/* What VIEW selects, as options: " --syscall NAME --nth 2"; to be freed. */
char *tree_asked(const struct view *v);
/* How many calls, system calls and events there are below N. */
unsigned long tree_count(const struct node *n);
/* Are the repetitions of N's group the same to the letter? */
bool tree_group_alike(const struct node *n);

#endif
