/* SPDX-License-Identifier: MIT */
/*
 * What kvt cover counts: which functions of KVM captures reach.
 *
 * A function is a name, of the file in which the index defines it first.
 * functions.tsv says which of them the kernel can trace; a function that no
 * tracer sees may well have run.
 *
 * cover_count() dies if a table or a capture is unsound, and warns if they
 * seem to be of different kernels.  What it fills in lasts until
 * cover_free().  It borrows the strings that it is given.
 */
#ifndef KVT_COVER_COUNT_H
#define KVT_COVER_COUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/symbols.h"

enum reach { REACHED, NOT_REACHED, OUT_OF_SIGHT, AT_EL2, STATES };

struct covered {
	const struct symbol *s;
	enum reach state;
	bool traceable, untraced;	/* according to the kernel's tables */
	bool inlined;			/* in at least one capture */
	unsigned long *calls;		/* one number per capture */
};

struct cover_capture {
	const char *file;
	char *program, *mode;
	size_t of;		/* index of its program in cover.program */
};

struct cover_program {
	const char *name;
	size_t captures;
	size_t reached;		/* functions */
	size_t first;		/* ... that no earlier program reaches */
};

/* A measurement of somebody else's, for comparison. */
struct cover_peer {
	char *who, *kernel, *how;
	unsigned long reached, traceable;
};

/* The tables and captures to read; the names of files. */
struct cover_input {
	const char *symbols, *functions, *untraced;
	const char *beside;	/* or NULL */
	const char *path;	/* count files with this in their path */
	char **capture;
	size_t captures;
};

struct cover {
	struct symbols *symbols;
	struct covered *item;	/* by name */
	size_t items;
	struct covered **of;	/* by symbol; NULL: not KVM's */
	struct covered **order;	/* by file, state and line */
	struct cover_capture *source;
	size_t sources;
	struct cover_program *program;	/* by name */
	size_t programs;
	struct cover_peer *peer;	/* stb_ds */
	size_t unlisted, unknown;	/* names that only captures have */
	const char *path;
};

struct reach_counts {
	size_t state[STATES];
	size_t all, traceable;
	size_t inlined;		/* out of sight, seen inlined */
};

/* A program that calls a function. */
struct cover_caller {
	size_t program;
	unsigned long calls;	/* in the capture that has the most */
};

extern const char *const cover_state_name[STATES];

void cover_count(struct cover *c, const struct cover_input *in);
void cover_free(struct cover *c);

/* Returns the programs that call it, most calls first, and sets COUNT; the
 * caller frees them. */
struct cover_caller *cover_callers(const struct cover *c,
				   const struct covered *f, size_t *count);
/* Returns " in vhe and nvhe" if only those captures of the program call it;
 * the caller frees it. */
char *cover_modes(const struct cover *c, const struct covered *f,
		  size_t program);
/* Returns the length of the directory's name in its path. */
size_t cover_directory(const struct covered *f);
/* Compares by directory: files first, then subdirectories. */
int cover_by_directory(const struct covered *x,
		       const struct covered *y);
struct reach_counts cover_tally(struct covered *const *f, size_t count);
/* Rounds, but returns 0 only for none, and 100 only for all. */
unsigned int cover_percent(size_t part, size_t all);

#endif
