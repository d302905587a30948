/* SPDX-License-Identifier: MIT */
/*
 * The structs that a program passed to its ioctls.
 *
 * Running out of memory ends the program; nothing else does.
 */
#ifndef KVT_PASSED_H
#define KVT_PASSED_H

#include <stdint.h>

struct buf;
struct objects;

/*
 * Writes " {field=value, ...}" of the struct TYPE that a program passed by
 * address: its first SIZE bytes are in WORD, at most 64; "..." is the rest.
 * ABOUT: whose attributes are meant, as in struct decode.
 * Writes nothing where the type is not known.
 */
void passed_print(struct buf *out, struct objects *o, const char *type,
		  const char *about, const uint64_t *word, unsigned int size);

#endif
