/* SPDX-License-Identifier: MIT */
/*
 * A capture: the one model that everything reads.
 *
 * A capture has threads, a thread has a root, and below the root stand the
 * calls of the thread as a tree of struct node.  Reading checks the whole
 * file first; a capture that is truncated, altered or badly formed ends the
 * program with KVT_BAD_CAPTURE, and one that cannot be read with KVT_FAILED.
 *
 * All strings and nodes belong to the capture and live until capture_free(),
 * except the nodes of a stream, which live for one call of EACH.
 */
#ifndef KVT_CAPTURE_H
#define KVT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum node_kind {
	NODE_CALL,		/* a kernel function */
	NODE_SYSCALL,
	NODE_EVENT,		/* a tracepoint */
	/* Levels: the source has them, but nothing was recorded of them. */
	NODE_INLINED,		/* a function inlined into the one above */
	NODE_UNSEEN,		/* one that the recorder leaves alone */
};

/* Every record has one, so its size is what reading a capture costs. */
struct node {
	char *name;		/* NULL for a thread's root */
	char *args;		/* between the parentheses; "" if none */
	char *place;		/* FILE:LINE of the call, in the program or the
				 * kernel, or NULL */
	char *result;		/* NULL when there is none */
	struct node *parent;
	struct node **child;
	unsigned int children;
	unsigned int line;	/* of the capture's text, from 1, as it is
				 * without rows */
	/* Set by tree_fold() and zero before: nothing repeats. */
	uint64_t shape;		/* hash of the names in the subtree */
	unsigned int times;	/* rounds that its group makes in a row */
	unsigned int index;	/* its place among its siblings */
	unsigned char group;	/* how many siblings the group has */
	bool leader;		/* the first of its group's first round */
	bool hidden;		/* in a later round */
	bool open;		/* entered, but the recording ended inside */
	enum node_kind kind;
};

/* Does only the source have N?  No event was recorded for a level. */
static inline bool is_level(const struct node *n)
{
	return n->kind == NODE_INLINED || n->kind == NODE_UNSEEN;
}

struct thread {
	char *name;		/* a number; threads are sorted by it */
	struct node root;
};

struct capture {
	const char *file;	/* the caller's, for messages */
	char **header;		/* the lines before the first thread */
	unsigned int headers;
	struct thread *thread;
	unsigned int threads;
	unsigned long records;	/* without levels */
	bool stream;		/* no tree: its threads have no children */
	struct store *store;	/* owns all of it */
};

/* Reads FILE into memory. */
struct capture *capture_read(const char *file);
/* The same of SIZE bytes from malloc() with a NUL behind them, which the
 * capture then owns; FILE is for messages. */
struct capture *capture_read_text(const char *file, char *text, size_t size);
/*
 * Checks all of FILE, but keeps no tree, so memory is that of the largest
 * system call.  Only capture_each() and tree_walk() can read the calls, and
 * the walk does not fold.  What is not a regular file is read into memory.
 */
struct capture *capture_stream(const char *file);
/* Calls EACH with every system call of a stream, and with every call that
 * stands outside of one, in order; N is gone when EACH returns. */
void capture_each(const struct capture *c,
		  void (*each)(void *data, const struct thread *t,
			       struct node *n), void *data);
void capture_free(struct capture *c);

/* The rest of the first header line that begins with KEY, or NULL. */
const char *capture_header(const struct capture *c, const char *key);
/* Does the header say that FEATURE ("sites") was recorded? */
bool capture_has(const struct capture *c, const char *feature);
/* Takes the levels out of a capture in memory: their children move up. */
void tree_flatten(struct capture *c);

/* Trees made by hand, for tests: every part comes from malloc(), and
 * node_free() frees N with all below it.  NAME is copied. */
struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name);
void node_free(struct node *n);

#endif
