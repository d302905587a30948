/* SPDX-License-Identifier: MIT */
/*
 * What a function may call out of the tracer's sight, and what was merged into
 * it and leaves no trace: gaps.tsv, which `kvt gaps` makes.
 *
 * gap_table_load() and gap_table_beside() die with KVT_FAILED when the table
 * is missing or none.  Strings and chains belong to the struct gap_table and
 * are valid until gap_table_free().
 */
#ifndef KVT_GAP_TABLE_H
#define KVT_GAP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

struct ways;

struct gap_step {
	const char *name;
	const char *kind;	/* noinstr, assembly, hypercall, EL2, notrace,
				 * inlined */
	const char *call;	/* PATH:LINE, in the step before it */
	const char *definition;	/* PATH:LINE */
};

struct gap_chain {
	const char *function;	/* that begins the chain, and is traceable */
	const char *modes;	/* "nvhe protected" */
	const struct gap_step *step;
	int steps;
};

struct gap_table;
struct gap_table *gap_table_load(const char *path);
/* The gaps.tsv in the directory of the index SYMBOLS. */
struct gap_table *gap_table_beside(const char *symbols);
/* From here on, gaps are those in C's mode.  False, with a warning: C is of
 * another kernel, and the table says nothing of it. */
bool gap_table_choose(struct gap_table *g, const struct capture *c);
void gap_table_free(struct gap_table *g);

/* The chains of a function in the mode that was chosen. */
struct gap_function {
	const struct gap_chain **chain;	/* stb_ds */
	struct gap_ways {
		const char *when;	/* "-", or "ARGUMENT=NAME NAME ..." */
		struct ways *ways;	/* numbered as CHAIN */
	} *ways;			/* stb_ds; the first is for any call */
};
/* NULL where it has none. */
const struct gap_function *gap_table_function(struct gap_table *g,
					      const char *name);
/* The ways of a call with the arguments ARGS, as a capture has them; or NULL. */
struct ways *gap_function_ways(const struct gap_function *f, const char *args);
/* Does the capture that was chosen say where calls were made? */
bool gap_table_has_sites(const struct gap_table *g);

/* Is it a function merged into another, and not a call? */
bool gap_is_inlined(const struct gap_chain *gap);
/* Does the chain end where a guest is entered? */
bool gap_runs_guest(const struct gap_chain *gap);
/* Why a step cannot be seen, in words. */
const char *gap_kind(const struct gap_step *s);

#endif
