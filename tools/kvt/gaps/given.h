/* SPDX-License-Identifier: MIT */
/*
 * Where the flow through a function goes when one of its arguments has a
 * value: less far than without one, where the function switches on it.
 *
 * The registers that follow from the value are worked out (effect.c); all
 * others may be anything, and memory too, but for constant tables.  Dies only
 * for want of memory.  A struct given is its maker's, who frees it.
 */
#ifndef KVT_GIVEN_H
#define KVT_GIVEN_H

#include <stdbool.h>
#include <stdint.h>

#include "gaps/code.h"

/* An argument in the register REG, of SIZE bytes. */
struct argument {
	unsigned int reg, size;
	uint64_t value;
};

struct given;
struct given *given_new(const struct code *c, const struct code_function *f,
			  enum mode mode, const struct argument *a);
/* As code_next(); behind what is not reached there is nothing. */
void given_next(const struct given *v, uint64_t at, struct code_next *next);
/* Does the flow go the same ways in both, of one function? */
bool given_same(const struct given *v, const struct given *w);
void given_free(struct given *v);

/* The constants of a kind with which a function goes the same ways. */
struct given_class {
	struct given *given;
	char *names;		/* with spaces between; or numbers */
};
/* Of the argument A, whose value does not count, for the constants of KIND,
 * the first column of uapi.tsv, and for the numbers among them that have no
 * name.  An array of stb_ds. */
struct given_class *given_classes(const struct code *c,
				  const struct code_function *f,
				  enum mode mode, const struct argument *a,
				  const char *kind);
void given_classes_free(struct given_class *list);

#endif
