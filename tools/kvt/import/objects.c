// SPDX-License-Identifier: MIT
/*
 * Objects, found by address.
 *
 * We keep two indexes.  One has, for each address, the objects that begin
 * there.  The other finds the object that an address points into.  It rounds
 * an object's size up to a power of two and cuts memory into blocks of that
 * size, so the object touches at most two blocks, and a block holds few
 * objects.  A lookup visits one block for each power of two, smallest first.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Keys are numbers of eight bytes: a multiplication spreads their bits. */
#define HASH_FUNCTION(key, length, hash) do {				\
	uint64_t key_;							\
	memcpy(&key_, key, sizeof(key_));				\
	hash = (unsigned int)(key_ * 0x9e3779b97f4a7c15ULL >> 32);	\
	} while (0)
#define uthash_malloc(size) xrealloc(NULL, size)
#define uthash_free(p, size) free(p)

#include "base/memory.h"
#include "base/vec.h"
#include <uthash.h>

#include "import/objects.h"

enum { MAX_POWER = 64 };	/* of the size of an object */
#define NO_NUMBER (~0u)

struct object_kind {
	char *name;
	unsigned int next;	/* number of its next object */
	size_t live;		/* objects that have not ended */
};

struct known_object {
	struct object object;
	uint64_t order;		/* in order of appearance, over all kinds */
	struct known_object *older;	/* at the same address */
};

/* All objects that begin at one address. */
struct object_spot {
	uint64_t address;
	struct known_object *newest;
	UT_hash_handle hh;
};

/* Objects of a power of two's size that touch one block of that size. */
struct block {
	uint64_t key;
	struct known_object **object;
	UT_hash_handle hh;
};

struct objects {
	const struct facts *facts;
	struct object_kind **kind;	/* few: there are some 50 types */
	struct object_kinds common;
	struct object_spot *spots;
	struct block *blocks;
	size_t of_power[MAX_POWER + 1];	/* how many objects are in its blocks */
	uint64_t made;		/* objects so far */
	struct object *last, *newest;
};

struct objects *objects_new(const struct facts *facts)
{
	struct objects *o = xcalloc(1, sizeof(*o));

	o->facts = facts;
	o->common = (struct object_kinds){
		.user = object_kind(o, "user"),
		.untyped = object_kind(o, "ptr"),
		.phys = object_kind(o, "phys"),
		.va = object_kind(o, "va"),
	};
	return o;
}

const struct facts *objects_facts(const struct objects *o)
{
	return o->facts;
}

void objects_free(struct objects *o)
{
	struct object_spot *s, *next_spot;
	struct block *b, *next_block;

	HASH_ITER(hh, o->spots, s, next_spot)
		while (s->newest) {
			struct known_object *x = s->newest;

			s->newest = x->older;
			free(x);
		}
	HASH_ITER(hh, o->spots, s, next_spot) {
		HASH_DEL(o->spots, s);
		free(s);
	}
	HASH_ITER(hh, o->blocks, b, next_block) {
		HASH_DEL(o->blocks, b);
		arrfree(b->object);
		free(b);
	}
	for (ptrdiff_t i = 0; i < arrlen(o->kind); i++) {
		free(o->kind[i]->name);
		free(o->kind[i]);
	}
	arrfree(o->kind);
	free(o);
}

/* --- kinds ---------------------------------------------------------- */

const struct object_kinds *object_kinds(const struct objects *o)
{
	return &o->common;
}

struct object_kind *object_kind(struct objects *o, const char *name)
{
	struct object_kind *k;

	for (ptrdiff_t i = 0; i < arrlen(o->kind); i++)
		if (!strcmp(o->kind[i]->name, name))
			return o->kind[i];
	k = xcalloc(1, sizeof(*k));
	k->name = xstrdup(name);
	arrput(o->kind, k);
	return k;
}

const char *object_kind_name(const struct object_kind *k)
{
	return k->name;
}

/* --- blocks --------------------------------------------------------- */

/* The power of two whose blocks hold objects of SIZE. */
static int power_of(uint64_t size)
{
	return size <= 1 ? 0 : 64 - __builtin_clzll(size - 1);
}

/* Two blocks can share a key; then a lookup just sees more objects. */
static uint64_t block_key(uint64_t address, int power)
{
	return power > 63 ? (uint64_t)power : (address >> power) << 6 | power;
}

static struct block *block_of(const struct objects *o, uint64_t key)
{
	struct block *b;

	HASH_FIND(hh, o->blocks, &key, sizeof(key), b);
	return b;
}

static void block_insert(struct objects *o, uint64_t key,
			 struct known_object *x)
{
	struct block *b = block_of(o, key);

	if (!b) {
		b = xcalloc(1, sizeof(*b));
		b->key = key;
		HASH_ADD(hh, o->blocks, key, sizeof(b->key), b);
	}
	arrput(b->object, x);
}

static void block_remove(struct objects *o, uint64_t key,
			 const struct known_object *x)
{
	struct block *b = block_of(o, key);

	for (ptrdiff_t i = 0; i < arrlen(b->object); i++)
		if (b->object[i] == x) {
			arrdelswap(b->object, i);
			break;
		}
	if (arrlen(b->object))
		return;
	HASH_DEL(o->blocks, b);
	arrfree(b->object);
	free(b);
}

/* Calls CHANGE for each block that X touches, including X's end. */
static void for_blocks(struct objects *o, struct known_object *x,
		       void change(struct objects *, uint64_t key,
				   struct known_object *))
{
	int power = power_of(x->object.size);
	uint64_t first = block_key(x->object.address, power);
	uint64_t last = block_key(x->object.address + x->object.size, power);

	change(o, first, x);
	if (last != first)
		change(o, last, x);
}

static void forget_block(struct objects *o, uint64_t key,
			 struct known_object *x)
{
	block_remove(o, key, x);
}

/* --- objects -------------------------------------------------------- */

static struct object_spot *object_spot_at(const struct objects *o, uint64_t address)
{
	struct object_spot *s;

	HASH_FIND(hh, o->spots, &address, sizeof(address), s);
	return s;
}

struct object *object_new(struct objects *o, struct object_kind *kind,
			  uint64_t address, uint64_t size)
{
	struct known_object *x = xcalloc(1, sizeof(*x));
	struct object_spot *s = object_spot_at(o, address);

	x->object = (struct object){ kind, address, size, NO_NUMBER, NULL };
	kind->live++;
	x->order = o->made++;
	if (!s) {
		s = xcalloc(1, sizeof(*s));
		s->address = address;
		HASH_ADD(hh, o->spots, address, sizeof(s->address), s);
	}
	x->older = s->newest;
	s->newest = x;
	if (size) {
		for_blocks(o, x, block_insert);
		o->of_power[power_of(size)]++;
	}
	o->newest = &x->object;
	return &x->object;
}

unsigned int object_number(struct object *x)
{
	if (x->number == NO_NUMBER)
		x->number = x->kind->next++;
	return x->number;
}

void object_end(struct objects *o, struct object *object)
{
	struct known_object *x = (struct known_object *)object;
	struct object_spot *s = object_spot_at(o, object->address);
	struct known_object **at = &s->newest;

	object->kind->live--;
	if (o->last == object)
		o->last = NULL;
	if (o->newest == object)
		o->newest = NULL;
	while (*at != x)
		at = &(*at)->older;
	*at = x->older;
	if (!s->newest) {
		HASH_DEL(o->spots, s);
		free(s);
	}
	if (object->size) {
		for_blocks(o, x, forget_block);
		o->of_power[power_of(object->size)]--;
	}
	free(x);
}

static void end_all_at(struct objects *o, uint64_t address)
{
	struct object *x;

	while ((x = object_any_at(o, address)))
		object_end(o, x);
}

void object_end_whole(struct objects *o, struct object *object)
{
	const uint64_t begin = object->address, size = object->size ?: 1;
	struct object_spot *s, *next;

	if (size < HASH_COUNT(o->spots)) {
		for (uint64_t i = 0; i < size; i++)
			end_all_at(o, begin + i);
		return;
	}
	HASH_ITER(hh, o->spots, s, next)
		if (s->address - begin < size)
			end_all_at(o, s->address);
}

void object_end_kind(struct objects *o, const struct object_kind *kind)
{
	struct object_spot *s, *next;

	if (!kind->live)
		return;
	HASH_ITER(hh, o->spots, s, next) {
		const uint64_t address = s->address;
		struct object *x;

		while ((x = object_at(o, kind, address)))
			object_end(o, x);
	}
}

struct object *objects_newest(const struct objects *o)
{
	return o->newest;
}

uint64_t objects_made(const struct objects *o)
{
	return o->made;
}

struct object *objects_last(const struct objects *o)
{
	return o->last;
}

void objects_set_last(struct objects *o, struct object *x)
{
	o->last = x;
}

struct object *object_at(const struct objects *o,
			 const struct object_kind *kind, uint64_t address)
{
	const struct object_spot *s = object_spot_at(o, address);

	for (struct known_object *x = s ? s->newest : NULL; x; x = x->older)
		if (x->object.kind == kind)
			return &x->object;
	return NULL;
}

struct object *object_any_at(const struct objects *o, uint64_t address)
{
	const struct object_spot *s = object_spot_at(o, address);

	return s ? &s->newest->object : NULL;
}

/* Returns the smaller object; of two equal ones, the one that appeared
 * first. */
static bool is_nearer(const struct known_object *x,
		      const struct known_object *y)
{
	if (!y || x->object.size != y->object.size)
		return !y || x->object.size < y->object.size;
	return x->order < y->order;
}

static struct known_object *nearest_in(const struct block *b, uint64_t address)
{
	struct known_object *best = NULL;

	for (ptrdiff_t i = 0; b && i < arrlen(b->object); i++) {
		struct known_object *x = b->object[i];

		if (address - x->object.address <= x->object.size &&
		    is_nearer(x, best))
			best = x;
	}
	return best;
}

struct object *object_around(const struct objects *o, uint64_t address)
{
	for (int power = 0; power <= MAX_POWER; power++) {
		struct known_object *x;

		if (!o->of_power[power])
			continue;
		x = nearest_in(block_of(o, block_key(address, power)), address);
		if (x)
			return &x->object;
	}
	return NULL;
}

/* --- the program's memory ------------------------------------------- */

void objects_map(struct objects *o, uint64_t address, uint64_t size)
{
	struct object *before = object_at(o, o->common.user, address);

	if (before && before->size <= size)
		object_end(o, before);
	object_new(o, o->common.user, address, size);
}

void objects_unmap(struct objects *o, uint64_t address, uint64_t size)
{
	const uint64_t end = address + size;

	while (address < end) {
		struct object *x = object_at(o, o->common.user, address);

		if (!x || !x->size || x->size > end - address)
			return;
		address += x->size;
		object_end(o, x);
	}
}

void objects_unmap_all(struct objects *o)
{
	object_end_kind(o, o->common.user);
}
