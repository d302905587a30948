/* SPDX-License-Identifier: MIT */
/* A capture in memory, or read as a stream. */
#ifndef KVT_CAPTURE_H
#define KVT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;

enum node_kind {
	NODE_CALL,		/* a kernel function */
	NODE_SYSCALL,
	NODE_EVENT,		/* a tracepoint */
	/* Levels: the source has them, but nothing was recorded of them. */
	NODE_INLINED,		/* a function inlined into the one above */
	NODE_UNSEEN,		/* one that the recorder leaves alone */
};

/* There is one a record: its size is what a capture costs to read. */
struct node {
	char *name;
	char *args;		/* between the parentheses; "" if none */
	char *place;		/* FILE:LINE where it was called, of the
				 * program or the kernel, or NULL */
	char *result;		/* NULL when there is none */
	struct node *parent;
	struct node **child;
	unsigned int children;
	unsigned int line;	/* of the capture file, from 1 */
	/* set by tree_fold() */
	uint64_t shape;		/* hash of the names in the subtree */
	unsigned int times;	/* how often its group stands in a row */
	unsigned int index;	/* its place among its siblings */
	unsigned char group;	/* how many siblings the group has */
	bool leader;		/* the first of its group's first round */
	bool hidden;		/* in a later round */
	bool open;		/* entered, but the recording ended inside */
	enum node_kind kind;
};

/* Was N recorded, or is it a level that only the source has? */
static inline bool is_level(const struct node *n)
{
	return n->kind == NODE_INLINED || n->kind == NODE_UNSEEN;
}

struct thread {
	char *name;
	struct node root;
};

struct capture {
	const char *file;
	char **header;		/* the lines before the first thread */
	unsigned int headers;
	struct thread *thread;
	unsigned int threads;
	unsigned long records;	/* without levels */
	bool stream;		/* no tree: its threads have no children */
	struct memory *memory;	/* where all of it is */
};

/* For trees made by hand; a capture's own nodes are freed with it. */
struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name);
void node_free(struct node *n);

/* Reads FILE; a capture that is not whole and sound ends the program. */
struct capture *capture_read(const char *file);
/* The same of SIZE bytes from malloc() with a NUL behind them, which the
 * capture then owns; FILE is for messages. */
struct capture *capture_read_text(const char *file, char *text, size_t size);
/*
 * Checks all of FILE, but keeps no tree: memory is that of the largest
 * system call.  Only capture_each() and tree_walk() with a view that
 * unfolds can read the calls.  What is no regular file is read whole.
 */
struct capture *capture_stream(const char *file);
/* Calls EACH with every system call of a stream (and with what stands
 * outside of one), in order; N is gone when EACH returns. */
void capture_each(struct capture *c,
		  void (*each)(void *data, const struct thread *t,
			       struct node *n), void *data);
/* The rest of the first header line that begins with KEY, or NULL. */
const char *capture_header(const struct capture *c, const char *key);
/* Is FEATURE ("sites") one of those that the header says were recorded? */
bool capture_has(const struct capture *c, const char *feature);
void capture_free(struct capture *c);
/* Takes the levels out of a capture in memory: what they hold moves up. */
void tree_flatten(struct capture *c);

#endif
