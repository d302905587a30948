/* SPDX-License-Identifier: MIT */
/*
 * Types of arguments and results, from the kernel's BTF.
 *
 * types_load() ends the program if it cannot read the file, and any function
 * does if memory runs out.  Nothing is ever freed: names and types are valid
 * for good, except a struct type_func, which the next types_function() of the
 * same types overwrites.
 */
#ifndef KVT_BTF_H
#define KVT_BTF_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct types;

struct types *types_load(const char *btf_file);
struct type_func;
/* The prototype of a kernel function, or NULL where BTF has none. */
const struct type_func *types_function(struct types *t, const char *name);

enum value_class {
	VALUE_VOID,
	VALUE_SIGNED,
	VALUE_UNSIGNED,
	VALUE_BOOL,
	VALUE_ENUM,
	VALUE_POINTER,
	VALUE_PHYSICAL,		/* a physical address of the host's */
	VALUE_FRAME,		/* the number of a host page, or why there is none */
	VALUE_ENTRY,		/* of a page table */
	VALUE_BYTES,		/* a struct or union passed in registers */
};

struct value_type {
	enum value_class class;
	unsigned int size;	/* bytes */
	const char *name;	/* of the struct that it points to, or "" */
	unsigned int pointee_size;	/* bytes; 0 when unknown */
	unsigned int id;	/* BTF type id of an enum */
};

int type_func_args(const struct type_func *f);
const char *type_func_arg(const struct type_func *f, int i,
			  struct value_type *t);
void type_func_result(const struct type_func *f, struct value_type *t);
/* The enumerator of VALUE, or NULL.  A plain name wins over one that only
 * marks where something begins or ends, as __before_X and NR_X do. */
const char *types_enum_name(struct types *t, unsigned int id, int64_t value);
/* Appends the enumerators whose bits VALUE has.  Appends nothing and returns
 * false if VALUE is 0 or the enumerators are not single bits. */
bool types_enum_bits(struct buf *out, struct types *t, unsigned int id,
		     uint64_t value);

struct type_field {
	const char *name;	/* "" of a struct without one */
	unsigned int offset;	/* bytes into the struct */
	unsigned int size;	/* bytes, of one element of an array */
	unsigned int count;	/* elements; 1 if it is not an array */
	bool is_array;
	int id;			/* of its type, if that is a struct or union */
	struct value_type type;	/* otherwise */
};

/* The BTF type id of a struct; negative where BTF has none. */
int types_struct(struct types *t, const char *name);
/* Field I, from 0, of the struct or union ID; a union has only its first.
 * Returns false if there is no such field. */
bool types_field(struct types *t, int id, int i, struct type_field *f);
/* Writes the path of what begins OFFSET bytes into the struct NAME, such as
 * "regs.regs[3]".  Returns its size in bytes, or 0 if nothing begins there. */
unsigned int types_path(struct types *t, const char *name,
			unsigned int offset, char *path, size_t size);

#endif
