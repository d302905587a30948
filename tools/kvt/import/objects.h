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
	uint64_t size;		/* bytes; 0: unknown */
	unsigned int number;	/* within its kind; see object_number() */
	const char *use;	/* of a file, as in kernel/ends.h; or NULL */
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
			  uint64_t address, uint64_t size);
void object_end(struct objects *o, struct object *x);
/* The same for X and whatever begins inside of it. */
void object_end_whole(struct objects *o, struct object *x);
/* Its number, from 0; an object that has none yet gets the next. */
unsigned int object_number(struct object *x);

/* Ends all objects of a kind. */
void object_end_kind(struct objects *o, const struct object_kind *kind);

/* The program maps memory: an object that has no number before it is shown.
 * Of several that overlap, the smallest is what an address points into. */
void objects_map(struct objects *o, uint64_t address, uint64_t size);
/* The mappings that lie in this range, one behind the other, are gone.  One
 * that loses a part keeps its name. */
void objects_unmap(struct objects *o, uint64_t address, uint64_t size);
/* All that is known of the program's memory is gone. */
void objects_unmap_all(struct objects *o);

/* The object that was made last, or NULL: it ended; and how many were made. */
struct object *objects_newest(const struct objects *o);
uint64_t objects_made(const struct objects *o);
/* The object that a pointer was written of last, or NULL: it ended. */
struct object *objects_last(const struct objects *o);
void objects_set_last(struct objects *o, struct object *x);
/* The newest object of KIND at ADDRESS, or NULL. */
struct object *object_at(const struct objects *o,
			 const struct object_kind *kind, uint64_t address);
/* The newest object of any kind at ADDRESS, or NULL. */
struct object *object_any_at(const struct objects *o, uint64_t address);
/* The smallest object that ADDRESS points into, or just past; or NULL. */
struct object *object_around(const struct objects *o, uint64_t address);

#endif
