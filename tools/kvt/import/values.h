/* SPDX-License-Identifier: MIT */
/* Words as text; pointers become vcpu#0, kvm#0. */
#ifndef KVT_VALUES_H
#define KVT_VALUES_H

#include <stdint.h>
#include <stdio.h>

#include "kernel/btf.h"
#include "kernel/facts.h"

struct facts;
struct types;
struct value_type;

struct objects;
struct objects *objects_new(const struct facts *facts);
/* The types of the kernel whose objects they are. */
struct types *objects_types(const struct objects *o);
/* Appends the text of one value, numbering pointers as they appear. */
void value_print(FILE *out, struct objects *o, const struct value_type *t,
		 uint64_t word, uint64_t next_word);
/* As a function's result: negative errnos by name. */
void result_print(FILE *out, struct objects *o, const struct value_type *t,
		  uint64_t word);
/* The object of type NAME at ADDRESS is gone; the next there is another. */
void objects_retire(struct objects *o, const char *name, uint64_t address);
/* The functions that destroy an object; ends with a function of NULL. */
struct object_end {
	const char *function;
	int arg;		/* which of its arguments, from 0 */
	const char *type;	/* as in a capture */
};
extern const struct object_end object_ends[];
const char *errno_name(int error);

#endif
