/* SPDX-License-Identifier: MIT */
/*
 * The objects of a recording and their numbers.
 *
 * An object has a kind ("vcpu", "user", "phys", ...), an address, and a
 * number within its kind, from 0, in order of appearance.  Two objects of
 * different kinds can be at one address: a struct and its first member.
 * An object whose end was seen is gone; the next one there gets a number of
 * its own.
 *
 * Every lookup takes constant time, however many objects there are.  A
 * struct object * is valid until object_end() or objects_free(); a struct
 * object_kind * until objects_free().  Running out of memory ends the
 * program; nothing else does.
 */
#ifndef KVT_OBJECTS_H
#define KVT_OBJECTS_H

#include <stdint.h>

struct facts;
struct object_kind;
struct objects;

struct object {
	struct object_kind *kind;
	uint64_t address;
	unsigned int number;	/* within its kind, from 0 */
	unsigned int size;	/* bytes; 0: unknown */
};

/* FACTS belong to the caller and must live as long as the objects. */
struct objects *objects_new(const struct facts *facts);
void objects_free(struct objects *o);
const struct facts *objects_facts(const struct objects *o);

/* The kinds that every recording has. */
struct object_kinds {
	struct object_kind *user;	/* addresses of the program's */
	struct object_kind *untyped;	/* the kernel's, of no known type */
	struct object_kind *phys;	/* pages of the host's memory */
	struct object_kind *va;		/* pages that only EL2 maps, or so */
};

const struct object_kinds *object_kinds(const struct objects *o);
/* The kind of this name, which is copied; a search through some 50. */
struct object_kind *object_kind(struct objects *o, const char *name);
const char *object_kind_name(const struct object_kind *k);

struct object *object_new(struct objects *o, struct object_kind *kind,
			  uint64_t address, unsigned int size);
void object_end(struct objects *o, struct object *x);
/* The object that a pointer was written of last, or NULL: it ended. */
const struct object *objects_last(const struct objects *o);
void objects_set_last(struct objects *o, const struct object *x);
/* The newest object of KIND at ADDRESS, or NULL. */
struct object *object_at(const struct objects *o,
			 const struct object_kind *kind, uint64_t address);
/* The newest object of any kind at ADDRESS, or NULL. */
struct object *object_any_at(const struct objects *o, uint64_t address);
/* The smallest object that ADDRESS points into, or just past; or NULL. */
struct object *object_around(const struct objects *o, uint64_t address);

#endif
