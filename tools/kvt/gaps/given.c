// SPDX-License-Identifier: MIT
/* The flow through a function for one value of an argument. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "gaps/effect.h"
#include "gaps/instruction.h"
#include "gaps/given.h"
#include "kernel/uapi.h"

/* An instruction, and what we know before it. */
struct before {
	struct registers registers;
	bool is_reached, waits;
};

struct given {
	const struct code *c;
	const struct code_function *f;
	enum mode mode;
	struct before *before;	/* by instruction, while the search lasts */
	uint64_t *todo;		/* stb_ds */
	struct code_next *next;	/* by instruction */
};

static bool is_inside(const struct given *v, uint64_t at)
{
	return at >= v->f->address && at - v->f->address < v->f->size;
}

static size_t index_of(const struct given *v, uint64_t at)
{
	return (at - v->f->address) / 4;
}

static const void *constant_at(const void *code, uint64_t address,
			       uint64_t size)
{
	return image_constant(code_image(code), address, size);
}

/* Continues at AT with what R knows. */
static void come_to(struct given *v, uint64_t at, const struct registers *r)
{
	struct before *b = &v->before[index_of(v, at)];
	bool less = !b->is_reached;

	if (!b->is_reached)
		b->registers = *r;
	else
		less = effect_join(&b->registers, r);
	b->is_reached = true;
	if (!less || b->waits)
		return;
	b->waits = true;
	arrput(v->todo, at);
}

/* Follows the branch at AT, which certainly goes to TARGET. */
static void only_target(const struct given *v, struct code_next *next,
			uint64_t at, uint64_t target)
{
	if (is_inside(v, target))
		*next = (struct code_next){ .to = { target }, .count = 1 };
	else
		for (int i = 0; i < next->count; i++)
			if (next->to[i] == at + 4)
				next->to[i] = next->to[--next->count];
}

/* Removes from NEXT what WORD cannot lead to, given R. */
static void narrow_branch(const struct given *v, const struct registers *r,
		   uint32_t word, uint64_t at, struct code_next *next)
{
	int taken = effect_taken(r, word);
	unsigned int reg = word >> 5 & 31;

	if (code_change_at(v->c, at) != CODE_PLAIN)
		return;
	if (taken == 1)
		only_target(v, next, at, branch_target(word, at));
	else if (!taken && is_inside(v, at + 4))
		*next = (struct code_next){ .to = { at + 4 }, .count = 1 };
	else if (is_br(word) && reg < 31 && !~r->x[reg].mask &&
		 is_inside(v, r->x[reg].value) && !(r->x[reg].value & 3))
		only_target(v, next, at, r->x[reg].value);
}

static void go_behind(struct given *v, uint64_t at)
{
	struct code_next *next = &v->next[index_of(v, at)];
	struct before *b = &v->before[index_of(v, at)];
	struct registers r = b->registers;
	const struct registers unknown = { .flags_known = false };
	uint32_t word;

	b->waits = false;
	code_next(v->c, v->f, v->mode, at, next);
	if (image_word(code_image(v->c), at, &word)) {
		narrow_branch(v, &r, word, at, next);
		effect_of(&r, word, at, constant_at, v->c);
	}
	if (code_change_at(v->c, at) == CODE_WRITES)
		r = unknown;
	for (int i = 0; i < next->count; i++)
		come_to(v, next->to[i], &r);
	for (uint64_t i = 0; next->anywhere && i < v->f->size; i += 4)
		come_to(v, v->f->address + i, &unknown);
}

struct given *given_new(const struct code *c, const struct code_function *f,
			  enum mode mode, const struct argument *a)
{
	struct given *v = xcalloc(1, sizeof(*v));
	struct registers r = { .flags_known = false };
	uint64_t mask = a->size < 8 ? 0xffffffff : ~0ull;

	r.x[a->reg] = (struct known_register){ a->value & mask, mask };
	*v = (struct given){ .c = c, .f = f, .mode = mode };
	v->before = xcalloc(f->size / 4 + 1, sizeof(*v->before));
	v->next = xcalloc(f->size / 4 + 1, sizeof(*v->next));
	come_to(v, f->address, &r);
	while (arrlen(v->todo))
		go_behind(v, arrpop(v->todo));
	free(v->before);
	v->before = NULL;
	arrfree(v->todo);
	return v;
}

void given_next(const struct given *v, uint64_t at, struct code_next *next)
{
	*next = v->next[index_of(v, at)];
}

static bool same_next(const struct code_next *a, const struct code_next *b)
{
	return a->count == b->count && a->anywhere == b->anywhere &&
	       a->leaves == b->leaves &&
	       !memcmp(a->to, b->to, a->count * sizeof(*a->to));
}

bool given_same(const struct given *v, const struct given *w)
{
	for (size_t i = 0; i < v->f->size / 4; i++)
		if (!same_next(&v->next[i], &w->next[i]))
			return false;
	return true;
}

void given_free(struct given *v)
{
	free(v->next);
	free(v);
}

/* --- classes -------------------------------------------------------- */

/* The constant NAME makes the flow go as V has it, which is L's from now on. */
static void classify(struct given_class **list, struct given *v,
		     const char *name)
{
	for (size_t i = 0; i < arrlenu(*list); i++) {
		struct given_class *class = &(*list)[i];
		char *names = class->names;

		if (!given_same(class->given, v))
			continue;
		class->names = xasprintf("%s %s", names, name);
		free(names);
		given_free(v);
		return;
	}
	arrput(*list, ((struct given_class){ v, xstrdup(name) }));
}

/* Kinds whose numbers are below this count up from 0; where one has no name, a
 * capture has the number. */
enum { COUNTED = 1024 };

struct given_class *given_classes(const struct code *c,
				  const struct code_function *f,
				  enum mode mode, const struct argument *a,
				  const char *kind)
{
	struct argument one = *a;
	struct given_class *list = NULL;
	const char *name;
	uint64_t last = 0;
	char number[8];

	for (size_t i = 0; (name = name_number(kind, i, &one.value)); i++) {
		classify(&list, given_new(c, f, mode, &one), name);
		last = one.value;
	}
	for (one.value = 0; last < COUNTED && one.value < last; one.value++) {
		if (value_name(kind, one.value))
			continue;
		snprintf(number, sizeof(number), "%d", (int)one.value);
		classify(&list, given_new(c, f, mode, &one), number);
	}
	return list;
}

void given_classes_free(struct given_class *list)
{
	for (size_t i = 0; i < arrlenu(list); i++) {
		given_free(list[i].given);
		free(list[i].names);
	}
	arrfree(list);
}
