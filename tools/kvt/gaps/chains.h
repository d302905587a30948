/* SPDX-License-Identifier: MIT */
/*
 * The chains of calls that lead out of the tracer's sight.
 *
 * A chain begins in a function that can be traced, goes through such that
 * cannot, and ends where the tracer has a good reason to be blind: in a
 * noinstr function, in assembly, or with a hypercall at EL2.  Functions that
 * are merely notrace, as everything is that the source declares inline, are
 * named on the way only.
 */
#ifndef KVT_CHAINS_H
#define KVT_CHAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gaps/code.h"
#include "kernel/symbols.h"

enum { MAX_CHAIN_STEPS = 16 };

enum chain_kind { NOTRACE, NOINSTR, ASSEMBLY, HYPERCALL, AT_EL2 };
/* The words of the table. */
extern const char *const chain_kind_names[];

struct chain_step {
	const struct code_function *f;
	enum chain_kind kind;
	uint64_t at;		/* the call */
};

struct chain {
	const char *function;	/* the caller's string */
	unsigned int modes;	/* a bit each */
	int steps;
	bool again;		/* from the same line as one before */
	struct chain_step step[MAX_CHAIN_STEPS];
};

/* What is known of a function of the kernel. */
struct known_function {
	const char *path;	/* NULL: not one of KVM's */
	int line;
	const char *traced;	/* its name in functions.tsv, or NULL */
};

/*
 * Finds them in C; KNOWN goes with image_functions().  An array of stb_ds by
 * function and place, to be freed with arrfree().
 */
struct chain *chains_find(const struct code *c,
			  const struct known_function *known,
			  const struct symbols *symbols);
/* The name that the source has for the function of a step. */
void chain_step_name(const struct chain_step *s, char *name, size_t size);
/* The modes among MODES, a bit each, with spaces between; to be freed. */
char *modes_text(unsigned int modes);

#endif
