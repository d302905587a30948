/* SPDX-License-Identifier: MIT */
/*
 * Where objects of the kernel begin and end: tables of functions.
 *
 * Once an object is freed, its address can get another object.  We cannot
 * record kfree(), so these tables name, for each type, a function that KVM
 * calls just before or around it.
 *
 * The tables are constant; each ends with a row without a function.
 */
#ifndef KVT_ENDS_H
#define KVT_ENDS_H

#include <stdbool.h>

/* Which objects of a row's type end. */
enum end_what {
	END_ARGUMENT,		/* the one that argument ARG points to */
	END_FIRST_SEEN,		/* those that first appear inside of the call */
	END_MENTIONED,		/* those that appear inside of the call */
	END_ALL,		/* all of them: nothing says which one */
};

enum end_when {
	END_ALWAYS,		/* when FUNCTION returns */
	END_WITH_CALLER,	/* when its caller does, which still uses it */
	END_ON_FAILURE,		/* if it returns an error */
	END_UNLESS_DELETE,	/* unless its fourth argument is KVM_MR_DELETE:
				 * then another row's function follows */
};

struct object_end {
	const char *function;
	enum end_what what;
	int arg;		/* from 0; -1: none is meant */
	const char *type;	/* as in a capture */
	enum end_when when;
};

extern const struct object_end object_ends[];

/* Does every call of the row's function end the object it is given? */
static inline bool always_ends_argument(const struct object_end *e)
{
	return e->what == END_ARGUMENT &&
	       (e->when == END_ALWAYS || e->when == END_WITH_CALLER);
}

enum { BEGIN_RESULT = -1 };

/* What argument ARG of FUNCTION, or its result, points to is new. */
struct object_begin {
	const char *function;
	int arg;
	const char *type;
};

extern const struct object_begin object_begins[];

/* What argument ARG of FUNCTION points to is used as USE; if it had another
 * use before, that was another object. */
struct object_use {
	const char *function;
	int arg;
	const char *use;
};

extern const struct object_use object_uses[];

/* Types whose objects end with the VM or vCPU that the first call with them
 * had as its first argument; ends with NULL. */
extern const char *const belonging_types[];

/* A structure that is a part of another, and so ends with it. */
struct object_part {
	const char *type, *whole;
};

extern const struct object_part object_parts[];

#endif
