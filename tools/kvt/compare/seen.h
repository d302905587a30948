/* SPDX-License-Identifier: MIT */
/*
 * Which functions a kernel can trace.
 *
 * A struct seen begins as zeroes, which means that nothing is known and all
 * can be traced.  seen_load() fills it, for as long as the program runs; a
 * file that cannot be read ends the program with KVT_FAILED.
 */
#ifndef KVT_SEEN_H
#define KVT_SEEN_H

#include <stdbool.h>
#include <stddef.h>

struct function;

struct seen {
	struct function *f;	/* sorted by plain name */
	size_t count;
	bool loaded;
};

/* FILE: a functions.tsv, as `kvt facts` writes it. */
void seen_load(struct seen *s, const char *file);
bool seen_has(const struct seen *s, const char *name);
/* Is it known to be static? */
bool seen_is_static(const struct seen *s, const char *name);

/* Cuts NAME to what the source calls it: a clone of a function (foo.isra.0)
 * is still that function.  Of one that the compiler split (foo.part.0) only
 * some calls reach the tracer, so that one keeps its name. */
void seen_plain_name(char *name);
/* How much of NAME that leaves. */
size_t seen_plain_length(const char *name);

#endif
