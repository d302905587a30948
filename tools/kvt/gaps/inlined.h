/* SPDX-License-Identifier: MIT */
/* inlined.c: functions merged into others that leave no trace when they run. */
#ifndef KVT_INLINED_H
#define KVT_INLINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/symbols.h"

struct code;
struct debuginfo;

/* A function of KVM's inlined into FUNCTION, directly or by way of others. */
struct inlined {
	const char *function;	/* that can be traced */
	unsigned int modes;	/* a bit each, in which it can be reached */
	int steps;
	struct inlined_step {
		char *name;
		char *call;	/* PATH:LINE, in the step before it */
		const struct symbol *definition;
	} *step;
	uint64_t *at;		/* stb_ds, sorted: instructions that ran if the
				 * function did, and only then */
	bool surely;		/* false: they may have run without it, since
				 * the compiler moved them */
};

/*
 * Finds them in C, the code of the kernel that INFO is of: what is inlined into
 * functions that can be traced and makes no call that a trace would show,
 * neither to one of those functions nor through a pointer.  TRACED has the
 * names of those functions by their place in image_functions(); NULL: it is
 * none.  An array of stb_ds in order of function and place; inlined_free()
 * frees it.  Dies only for want of memory.
 */
struct inlined *inlined_find(const struct code *c, struct debuginfo *info,
			     const char *const *traced,
			     const struct symbols *symbols);
void inlined_free(struct inlined *list);

#endif
