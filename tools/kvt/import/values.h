/* SPDX-License-Identifier: MIT */
/*
 * Words as text.
 *
 * Every function appends to a text and keeps nothing that it is given.
 * Pointers become vcpu#0, kvm#0: writing one numbers the object that it
 * points to, if the object is new.  import/lifetimes.h ends objects.
 *
 * Running out of memory ends the program; nothing else does.
 */
#ifndef KVT_VALUES_H
#define KVT_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "import/objects.h"

struct buf;
struct types;
struct value_type;

/* The types of the kernel whose objects they are; may be NULL. */
struct types *objects_types(const struct objects *o);
/* NEXT_WORD: the second register of a struct that takes two. */
void value_print(struct buf *out, struct objects *o,
		 const struct value_type *t, uint64_t word,
		 uint64_t next_word);
/* As a function's result: negative errnos by name. */
void result_print(struct buf *out, struct objects *o,
		  const struct value_type *t, uint64_t word);
/* The same for a caller that asks value_kind() once for each type. */
struct object_kind *value_kind(struct objects *o, const struct value_type *t);
void value_print_kind(struct buf *out, struct objects *o,
		      const struct value_type *t, struct object_kind *kind,
		      uint64_t word, uint64_t next_word);
void result_print_kind(struct buf *out, struct objects *o,
		       const struct value_type *t, struct object_kind *kind,
		       uint64_t word);
/* An address in the program, whatever its type. */
void user_print(struct buf *out, struct objects *o, uint64_t word);
/* The end of a range in the program that begins at BEGIN. */
void user_end_print(struct buf *out, struct objects *o, uint64_t begin,
		    uint64_t end);
/* An address of EL2, or a number that is too small for one. */
void hyp_print(struct buf *out, struct objects *o, uint64_t word);
/* Is a signed number of type T a negative errno? */
bool value_is_errno(const struct value_type *t, uint64_t word);
/* "EINVAL" of 22, a constant string; NULL: no such error. */
const char *errno_name(int error);

#endif
