/* SPDX-License-Identifier: MIT */
/*
 * A fragment of HTML: printed as it is made, or handed over in parts.
 *
 * Only whoever puts a page together knows where a line of the program is
 * shown.  In parts, a fragment is an array of JSON: strings of HTML, and
 * between them an object { "at": "code/04-vcpu.c:27", "text": "04-vcpu.c:27" }
 * wherever such a line stands, for a link to be put there.
 *
 * fragment_print() and fragment_collect() begin a fragment; the first writes
 * to a stream that stays its owner's, the second to memory.  Either is ended
 * by fragment_end(), which returns the parts, the caller's, or NULL for what
 * was printed.
 */
#ifndef KVT_FRAGMENT_H
#define KVT_FRAGMENT_H

#include <stddef.h>
#include <stdio.h>

#include "base/json.h"
#include "base/markup.h"

struct fragment {
	struct markup m;
	struct json_object *parts;	/* NULL: it is printed */
	char *text;			/* of the part that is being written */
	size_t size;
};

void fragment_print(struct fragment *f, FILE *out);
void fragment_collect(struct fragment *f);
/* The place of a line of the program, PLACE, which is read as TEXT. */
void fragment_program_line(struct fragment *f, const char *place,
			   const char *text);
struct json_object *fragment_end(struct fragment *f);
/* Ends a fragment; if it was collected, prints it as {"html": PARTS}. */
void fragment_print_parts(struct fragment *f);

#endif
