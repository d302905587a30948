/* SPDX-License-Identifier: MIT */
/* kvt cover: what cover.c counts, for cover-print.c to print. */
#ifndef COVER_H
#define COVER_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/symbols.h"

struct symbol;
struct symbols;

enum state { REACHED, NOT_REACHED, OUT_OF_SIGHT, AT_EL2, STATES };

/* A function of KVM. */
struct item {
	const struct symbol *s;
	enum state state;
	bool traceable, untraced;	/* so the kernel's tables say */
	bool inlined;			/* some capture shows it so */
	unsigned long *calls;		/* one number a capture */
};

struct source {			/* a capture */
	const char *file;
	char *program, *mode;
	size_t of;		/* its program's place in cover.program */
};

struct program {
	const char *name;
	size_t captures;
	size_t reached;		/* functions */
	size_t first;		/* ... that no program before it reaches */
};

/* What was measured elsewhere, to stand beside ours. */
struct peer {
	char *who, *kernel, *how;
	unsigned long reached, traceable;
};

struct cover {
	struct symbols *symbols;
	struct item *item;	/* by name */
	size_t items;
	struct item **of;	/* of a symbol; NULL: not KVM's */
	struct item **order;	/* by file, state and line */
	struct source *source;
	size_t sources;
	struct program *program;	/* by name */
	size_t programs;
	struct peer *peer;
	size_t peers;
	size_t unlisted, unknown;	/* names, in captures only */
	const char *path;	/* count only files that hold this; or NULL */
	const char *base;	/* of links to the source; ends in a slash */
	bool pages;		/* link programs to their pages */
	bool later;		/* JSON: a comma is due */
};

/* How often the program calls it: in the capture that has most calls. */
unsigned long cover_calls(const struct cover *c, const struct item *it,
			  size_t program);
/* How long the directory's name in its path is. */
size_t cover_directory(const struct item *it);
/* Orders by directory: its own files before those of the ones in it. */
int cover_by_directory(const struct item *x, const struct item *y);

void cover_text(struct cover *c, bool functions);
void cover_json(struct cover *c);
void cover_html(struct cover *c);

#endif
