// SPDX-License-Identifier: MIT
/* Calls and flow of a kernel's functions, by its instructions. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/code.h"
#include "gaps/fixups.h"
#include "gaps/instruction.h"

static const uint64_t hypercall_base = 0xc6000000;	/* of SMCCC */

struct code {
	struct image *kernel;
	struct patches *patches;
	struct fixups *fixups;
	struct code_function handlers;	/* EL2's table of hypercalls */
};

static bool is_in_function(const struct code_function *f, uint64_t at)
{
	return at >= f->address && at - f->address < f->size;
}

/* --- the flow through a function ------------------------------------ */

/* Is TO in a part of F that the compiler put elsewhere, such as F.cold?  From
 * there, the flow may come back to any place. */
static bool is_own_part(const struct code *c, const struct code_function *f,
			uint64_t to)
{
	const struct code_function *part = image_find(c->kernel, to);
	size_t n = strlen(f->name);

	return part && (part->address != to ||
			(!strncmp(part->name, f->name, n) &&
			 part->name[n] == '.'));
}

static void add_next(const struct code *c, const struct code_function *f,
		     struct code_next *next, uint64_t to)
{
	if (!is_in_function(f, to)) {
		next->leaves = true;
		next->anywhere |= is_own_part(c, f, to);
	} else if (next->count < (int)(sizeof(next->to) /
					sizeof(*next->to))) {
		next->to[next->count++] = to;
	} else {
		next->anywhere = true;
	}
}

/* Where a branch leads that is patched; false: where it led before, too. */
static bool follow_patches(const struct code *c, const struct code_function *f,
			   enum mode mode, uint64_t at, struct code_next *next)
{
	size_t count;
	const struct patch *p = patches_at(c->patches, at, &count);
	bool replaced = false;

	for (; count; count--, p++) {
		bool sure = p->known && p->is[mode];

		if (!p->known || sure)
			add_next(c, f, next, p->target ?: at + 4);
		if (p->key && !sure)
			add_next(c, f, next, at + 4);
		replaced |= p->key || sure;
	}
	return replaced;
}

void code_next(const struct code *c, const struct code_function *f,
	       enum mode mode, uint64_t at, struct code_next *next)
{
	uint64_t target;
	uint32_t word;

	*next = (struct code_next){ .count = 0 };
	if (fixup_of(c->fixups, at))
		add_next(c, f, next, fixup_of(c->fixups, at));
	if (follow_patches(c, f, mode, at, next) ||
	    !image_word(c->kernel, at, &word))
		return;
	target = branch_target(word, at);
	next->anywhere |= is_br(word);
	if (target && !is_bl(word))
		add_next(c, f, next, target);
	if (is_jump(word) && !is_br(word))
		next->leaves = true;
	if (!is_b(word) && !is_jump(word))
		add_next(c, f, next, at + 4);
}

enum code_change code_change_at(const struct code *c, uint64_t at)
{
	size_t count;

	if (fixup_of(c->fixups, at) || patches_rewrite(c->patches, at))
		return CODE_WRITES;
	patches_at(c->patches, at, &count);
	return count ? CODE_BRANCHES : CODE_PLAIN;
}

/* The instructions of a function that were reached. */
struct reached {
	const struct code_function *f;
	bool *is;		/* by instruction */
	uint64_t *todo;		/* stb_ds */
};

static void reach(struct reached *r, uint64_t at)
{
	size_t i = (at - r->f->address) / 4;

	if (!is_in_function(r->f, at) || r->is[i])
		return;
	r->is[i] = true;
	arrput(r->todo, at);
}

static void reach_all(struct reached *r)
{
	for (uint64_t i = 0; i < r->f->size / 4; i++)
		reach(r, r->f->address + i * 4);
}

static void reach_from(const struct code *c, struct reached *r, enum mode mode)
{
	struct code_next next;

	while (arrlen(r->todo)) {
		code_next(c, r->f, mode, arrpop(r->todo), &next);
		for (int i = 0; i < next.count; i++)
			reach(r, next.to[i]);
		if (next.anywhere)
			reach_all(r);
	}
}

/* --- calls ---------------------------------------------------------- */

/* Is WORD something behind which registers have other values? */
static bool ends_block(uint32_t word)
{
	return is_bl(word) || is_b(word) || is_jump(word) || is_hvc(word);
}

/*
 * The constant in x0 at AT, from the moves before it; 0: unknown.  It may
 * come by way of a register that calls leave alone (x19 to x28), in which
 * the compiler keeps it for a loop.
 */
static uint64_t constant_of_x0(const struct code *c,
			       const struct code_function *f, uint64_t at)
{
	unsigned int reg = 0, to, from;
	uint64_t value = 0, set = 0;	/* SET: the bits that are known */
	struct constant_move move;
	uint32_t word;

	while (at > f->address && image_word(c->kernel, at -= 4, &word)) {
		if (reg < 19 && ends_block(word))
			return 0;
		if (is_move(word, &to, &from) && to == reg && !set)
			reg = from;
		if (!is_constant_move(word, &move) || move.to != reg)
			continue;
		if (!(set & 0xffffull << move.shift))
			value |= move.value;
		set |= 0xffffull << move.shift;
		if (!move.keeps)
			return value;
	}
	return 0;
}

static uint64_t handler(const struct code *c, const struct code_function *f,
			uint64_t at)
{
	uint64_t id = constant_of_x0(c, f, at) - hypercall_base, address;
	const void *p = NULL;

	if (id < c->handlers.size / 8)
		p = image_bytes(c->kernel, c->handlers.address + id * 8, 8);
	if (!p)
		die(KVT_FAILED, "%s: which hypercall does %s make at 0x%lx?",
		    image_file(c->kernel), f->name, at);
	memcpy(&address, p, sizeof(address));
	return address;
}

bool code_returns(const struct code *c, uint64_t at)
{
	uint32_t word;

	return image_word(c->kernel, at, &word) &&
	       (is_bl(word) || is_blr(word));
}

/* What the instruction at AT calls, in CALL; false: nothing. */
static bool call_at(const struct code *c, const struct code_function *f,
		    enum mode mode, bool el2, uint64_t at,
		    struct code_call *call)
{
	uint32_t word;

	if (!image_word(c->kernel, at, &word))
		return false;
	*call = (struct code_call){ .at = at };
	if (is_hvc(word) && mode != VHE && !el2) {
		call->kind = CALL_HYPERCALL;
		call->target = handler(c, f, at);
		return true;
	}
	if (is_blr(word)) {
		call->kind = CALL_POINTER;
		return true;
	}
	call->target = branch_target(word, at);
	return call->target && !is_in_function(f, call->target);
}

void code_instructions(const struct code *c, const struct code_function *f,
		       enum mode mode, bool el2,
		       void (*each)(void *data, uint64_t at,
				    const struct code_call *call),
		       void *data)
{
	struct reached r = { .f = f };
	struct code_call call;

	r.is = xcalloc(f->size / 4 + 1, sizeof(*r.is));
	reach(&r, f->address);
	if (el2)
		reach_all(&r);
	reach_from(c, &r, mode);
	for (uint64_t at = f->address; is_in_function(f, at); at += 4)
		if (r.is[(at - f->address) / 4])
			each(data, at, call_at(c, f, mode, el2, at, &call) ?
				       &call : NULL);
	free(r.is);
	arrfree(r.todo);
}

struct callee {
	void (*each)(void *data, const struct code_call *call);
	void *data;
};

static void only_calls(void *data, uint64_t at, const struct code_call *call)
{
	struct callee *to = data;

	(void)at;
	if (call && call->kind != CALL_POINTER)
		to->each(to->data, call);
}

void code_calls(const struct code *c, const struct code_function *f,
		enum mode mode, bool el2,
		void (*each)(void *data, const struct code_call *call),
		void *data)
{
	struct callee to = { each, data };

	code_instructions(c, f, mode, el2, only_calls, &to);
}

struct code *code_open(const char *vmlinux, const char *tree)
{
	struct code *c = xcalloc(1, sizeof(*c));

	c->kernel = image_open(vmlinux);
	c->handlers = image_symbol(c->kernel, "__kvm_nvhe_host_hcall");
	c->patches = patches_load(c->kernel, tree);
	c->fixups = fixups_load(c->kernel);
	return c;
}

const struct image *code_image(const struct code *c)
{
	return c->kernel;
}

void code_close(struct code *c)
{
	patches_free(c->patches);
	fixups_free(c->fixups);
	image_close(c->kernel);
	free(c);
}
