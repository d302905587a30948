/* SPDX-License-Identifier: MIT */
/*
 * A fragment of HTML: printed as we make it, or returned in parts.
 *
 * Only the one who puts the page together knows where it shows a line of the
 * program.  So the parts are a JSON array: strings of HTML, and between them
 * an object { "at": "code/04-vcpu.c:27", "text": "04-vcpu.c:27" } wherever the
 * page needs a link to such a line.
 *
 * fragment_print() and fragment_collect() begin a fragment: the first writes
 * to a stream, which still belongs to the caller, the second to memory.
 * fragment_end() ends either.  It returns the parts, which the caller frees,
 * or NULL if it printed them.
 */
#ifndef KVT_FRAGMENT_H
#define KVT_FRAGMENT_H

#include <stddef.h>
#include <stdio.h>

#include "base/json.h"
#include "base/markup.h"

struct fragment {
	struct markup m;
	struct json_object *parts;	/* NULL: print it */
	char *text;			/* of the current part */
	size_t size;
};

void fragment_print(struct fragment *f, FILE *out);
void fragment_collect(struct fragment *f);
/* Adds a link to PLACE, a line of the program; readers see TEXT. */
void fragment_program_line(struct fragment *f, const char *place,
			   const char *text);
struct json_object *fragment_end(struct fragment *f);
/* Ends a fragment; prints a collected one as {"html": PARTS}. */
void fragment_print_parts(struct fragment *f);

#endif
