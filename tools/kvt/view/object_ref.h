/* SPDX-License-Identifier: MIT */
/*
 * The name of an object as it stands in a capture: "vcpu#0", perhaps with the
 * place in it, "+0x10", behind it.
 *
 * A struct object_ref points into the text and lasts as long.  Nothing here
 * dies.
 */
#ifndef KVT_OBJECT_REF_H
#define KVT_OBJECT_REF_H

#include <stdbool.h>
#include <stddef.h>

struct object_ref {
	const char *type;	/* not terminated */
	size_t length;		/* of the type */
	unsigned long number;
	size_t size;		/* of all of it: "vcpu#0" has six letters */
};

/* The next object named in TEXT; returns what is behind it, or NULL. */
const char *object_ref_next(const char *text, struct object_ref *r);
bool object_ref_is_of(const struct object_ref *r, const char *type);

#endif
