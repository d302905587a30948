// SPDX-License-Identifier: MIT
/*
 * When objects begin and end.
 *
 * An object on the stack lives as long as the call whose frame it is in; the
 * next calls put other things at its address.  Addresses tell us whose frame
 * that is, because the stack grows down: everything that a call was given
 * lies in its callers' frames, above its own.  So if a call is the first to
 * be given an object, the object is in its caller's frame, unless it lies
 * above something that the caller was given.  Then we ask the same about the
 * caller.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "import/lifetimes.h"
#include "import/objects.h"
#include "kernel/ends.h"

enum {
	THREAD_SIZE = 16384,	/* bytes; of pages of 4 KiB, the smallest */
	OUTSIDE = -1,		/* depth of what is outside of all calls */
	KVM_MR_DELETE = 1,	/* enum kvm_mr_change */
};

/* Identifies one object for good: the next one at its address gets another
 * number. */
struct object_name {
	struct object_kind *kind;
	uint64_t address;
	unsigned int number;
};

/* A row of kernel/ends.h with the kind of its type. */
struct end_rule {
	const struct object_end *row;
	struct object_kind *kind;
};

struct begin_rule {
	int arg;
	struct object_kind *kind;
};

struct life_plan {
	struct end_rule *end;
	struct begin_rule *begin;
	const struct object_use *use;	/* of a file; or NULL */
	bool has_scope;		/* objects inside of the call end with it */
};

/* An object that ends with its owner. */
struct belonging {
	struct object_name object, owner;
};

struct lifetimes {
	struct objects *objects;
	struct life_plan **plan;
	struct object_kind *file, *kvm, *vcpu;
	struct object_kind **belonging_kind;
	struct belonging *belonging;
};

struct living_call {
	const struct life_plan *plan;
	uint64_t lowest;	/* address on the stack, of its arguments */
	struct object_name first;	/* its first argument, if it has one */
};

/* An object that ends when a call returns, or the system call. */
struct ending {
	struct object_name object;
	ptrdiff_t depth;	/* of the call; OUTSIDE */
	bool if_failed;		/* only if the call failed */
	bool whole;		/* with all that it contains */
};

struct call_stack {
	struct lifetimes *lives;
	uint64_t top;		/* an address above all frames; 0: unknown */
	struct living_call *call;
	struct ending *ending;
	bool begins;		/* the arguments of the last are numbered */
	int scopes;		/* calls with has_scope */
};

struct lifetimes *lifetimes_new(struct objects *objects)
{
	struct lifetimes *l = xcalloc(1, sizeof(*l));

	l->objects = objects;
	l->file = object_kind(objects, "file");
	l->kvm = object_kind(objects, "kvm");
	l->vcpu = object_kind(objects, "vcpu");
	for (int i = 0; belonging_types[i]; i++)
		arrput(l->belonging_kind,
		       object_kind(objects, belonging_types[i]));
	return l;
}

void lifetimes_free(struct lifetimes *l)
{
	for (ptrdiff_t i = 0; i < arrlen(l->plan); i++) {
		arrfree(l->plan[i]->end);
		arrfree(l->plan[i]->begin);
		free(l->plan[i]);
	}
	arrfree(l->plan);
	arrfree(l->belonging_kind);
	arrfree(l->belonging);
	free(l);
}

const struct life_plan *lifetimes_plan(struct lifetimes *l,
				       const char *function)
{
	struct life_plan *plan = xcalloc(1, sizeof(*plan));
	const struct object_begin *b;
	const struct object_end *e;
	const struct object_use *u;

	arrput(l->plan, plan);
	for (e = object_ends; e->function; e++) {
		if (strcmp(e->function, function))
			continue;
		arrput(plan->end, ((struct end_rule){
			e, object_kind(l->objects, e->type) }));
		plan->has_scope |= e->what == END_FIRST_SEEN ||
				   e->what == END_MENTIONED;
	}
	for (b = object_begins; b->function; b++)
		if (!strcmp(b->function, function))
			arrput(plan->begin, ((struct begin_rule){
				b->arg, object_kind(l->objects, b->type) }));
	for (u = object_uses; u->function; u++)
		if (!strcmp(u->function, function))
			plan->use = u;
	return plan;
}

/* --- names ---------------------------------------------------------- */

static struct object_name name_of(const struct object *x)
{
	return (struct object_name){ x->kind, x->address, x->number };
}

/* Finds the object with this identity; NULL: it ended already. */
static struct object *object_of_name(const struct lifetimes *l,
			    const struct object_name *n)
{
	struct object *x = n->kind ? object_at(l->objects, n->kind, n->address)
				   : NULL;

	return x && x->number == n->number ? x : NULL;
}

static bool is_same_name(const struct object_name *a,
			 const struct object_name *b)
{
	return a->kind == b->kind && a->address == b->address &&
	       a->number == b->number;
}

/* --- ends ----------------------------------------------------------- */

/* Ends the objects that belong to OWNER. */
static void end_belongings(struct lifetimes *l, const struct object_name *owner)
{
	ptrdiff_t kept = 0;

	for (ptrdiff_t i = 0; i < arrlen(l->belonging); i++) {
		struct belonging *b = &l->belonging[i];
		struct object *x = object_of_name(l, &b->object);

		if (x && is_same_name(&b->owner, owner))
			object_end(l->objects, x);
		else if (x)
			l->belonging[kept++] = *b;
	}
	arrsetlen(l->belonging, kept);
}

static void end_whole(struct lifetimes *l, struct object *x)
{
	const struct object_name name = x ? name_of(x)
					  : (struct object_name){ 0 };

	if (!x)
		return;
	object_end_whole(l->objects, x);
	if (name.kind == l->kvm || name.kind == l->vcpu)
		end_belongings(l, &name);
}

/* Ends the objects that end with the calls from DEPTH on.  FAILED: that call
 * did. */
static void end_calls(struct call_stack *s, ptrdiff_t depth, bool failed)
{
	ptrdiff_t kept = 0;

	for (ptrdiff_t i = 0; i < arrlen(s->ending); i++) {
		const struct ending e = s->ending[i];
		struct object *x;

		if (e.depth < depth) {
			s->ending[kept++] = e;
			continue;
		}
		x = e.if_failed && !failed ? NULL : object_of_name(s->lives, &e.object);
		if (x && e.whole)
			end_whole(s->lives, x);
		else if (x)
			object_end(s->lives->objects, x);
	}
	arrsetlen(s->ending, kept);
	while (arrlen(s->call) > depth && arrlen(s->call))
		s->scopes -= arrpop(s->call).plan->has_scope;
}

static void end_by(struct call_stack *s, const struct end_rule *rule,
		   const uint64_t *word, int words, bool failed)
{
	const struct object_end *row = rule->row;
	struct lifetimes *l = s->lives;
	struct object *x;

	if (row->what == END_ALL)
		object_end_kind(l->objects, rule->kind);
	if (row->what != END_ARGUMENT || row->arg >= words)
		return;
	if ((row->when == END_ON_FAILURE && !failed) ||
	    (row->when == END_UNLESS_DELETE &&
	     (words < 4 || (uint32_t)word[3] == KVM_MR_DELETE)))
		return;
	x = object_at(l->objects, rule->kind, word[row->arg]);
	if (x && row->when == END_WITH_CALLER)
		arrput(s->ending, ((struct ending){
			name_of(x), arrlen(s->call) - 1, false, true }));
	else
		end_whole(l, x);
}

/* --- a thread's calls ----------------------------------------------- */

struct call_stack *call_stack_new(struct lifetimes *l)
{
	struct call_stack *s = xcalloc(1, sizeof(*s));

	s->lives = l;
	return s;
}

void call_stack_free(struct call_stack *s)
{
	arrfree(s->call);
	arrfree(s->ending);
	free(s);
}

void call_stack_enter(struct call_stack *s, uint64_t top)
{
	call_stack_leave(s);
	if (top)
		s->top = top;
}

void call_stack_leave(struct call_stack *s)
{
	end_calls(s, OUTSIDE, false);
	s->begins = false;
}

bool call_stack_has(const struct call_stack *s, uint64_t address)
{
	return address < s->top && s->top - address < THREAD_SIZE;
}

/* Ends the old object at a new one's address, and a file whose address now
 * holds a file of another use. */
static void begin_objects(struct lifetimes *l, const struct life_plan *plan,
			  const uint64_t *word, int words)
{
	struct object *x;

	for (ptrdiff_t i = 0; i < arrlen(plan->begin); i++) {
		const struct begin_rule *b = &plan->begin[i];

		if (b->arg == BEGIN_RESULT || b->arg >= words)
			continue;
		end_whole(l, object_at(l->objects, b->kind, word[b->arg]));
	}
	if (!plan->use || plan->use->arg >= words)
		return;
	x = object_at(l->objects, l->file, word[plan->use->arg]);
	if (x && x->use && strcmp(x->use, plan->use->use))
		end_whole(l, x);
}

void life_call_begins(struct call_stack *s, const struct life_plan *plan,
		 const uint64_t *word, int words, uint64_t lowest)
{
	arrput(s->call, ((struct living_call){ .plan = plan, .lowest = lowest }));
	s->begins = true;
	s->scopes += plan->has_scope;
	if (plan->begin || plan->use)
		begin_objects(s->lives, plan, word, words);
}

void life_call_runs(struct call_stack *s)
{
	s->begins = false;
}

void life_call_gives(struct call_stack *s, const struct life_plan *plan,
		uint64_t result)
{
	struct lifetimes *l = s->lives;

	for (ptrdiff_t i = 0; i < arrlen(plan->begin); i++)
		if (plan->begin[i].arg == BEGIN_RESULT)
			end_whole(l, object_at(l->objects, plan->begin[i].kind,
					       result));
}

void life_call_returns(struct call_stack *s, const struct life_plan *plan,
		  const uint64_t *word, int words, bool failed)
{
	ptrdiff_t depth = arrlen(s->call) - 1;

	while (depth >= 0 && s->call[depth].plan != plan)
		depth--;
	if (depth < 0)
		return;
	end_calls(s, depth, failed);
	for (ptrdiff_t i = 0; i < arrlen(plan->end); i++)
		end_by(s, &plan->end[i], word, words, failed);
}

/* --- what calls touch ----------------------------------------------- */

/* Finds the call whose frame holds X.  INNER: the innermost possible one. */
static ptrdiff_t frame_of(const struct call_stack *s, const struct object *x,
			  ptrdiff_t inner)
{
	while (inner >= 0 && x->address >= s->call[inner].lowest)
		inner--;
	return inner;
}

/* Some types end with the calls that their objects appear in. */
static void note_scopes(struct call_stack *s, const struct object *x,
			ptrdiff_t inner, bool is_new)
{
	for (ptrdiff_t i = inner; i >= 0; i--) {
		const struct life_plan *plan = s->call[i].plan;

		for (ptrdiff_t k = 0; k < arrlen(plan->end); k++) {
			const struct end_rule *r = &plan->end[k];

			if (r->kind != x->kind ||
			    !(r->row->what == END_MENTIONED ||
			      (r->row->what == END_FIRST_SEEN && is_new)))
				continue;
			arrput(s->ending, ((struct ending){ name_of(x), i,
				r->row->when == END_ON_FAILURE, true }));
		}
	}
}

/* A new object of some types belongs to the call's first argument. */
static void note_owner(struct call_stack *s, const struct object *x)
{
	const struct object_name *owner = &arrlast(s->call).first;
	struct lifetimes *l = s->lives;

	for (ptrdiff_t i = 0; i < arrlen(l->belonging_kind); i++)
		if (x->kind == l->belonging_kind[i] && owner->kind)
			arrput(l->belonging, ((struct belonging){
				name_of(x), *owner }));
}

void life_touches(struct call_stack *s, uint64_t made)
{
	struct lifetimes *l = s->lives;
	const bool is_new = objects_made(l->objects) != made;
	struct object *x = is_new ? objects_newest(l->objects)
				  : objects_last(l->objects);
	ptrdiff_t inner = arrlen(s->call) - 1 - s->begins;

	if (!x)
		return;
	if (s->begins && (x->kind == l->kvm || x->kind == l->vcpu) &&
	    !arrlast(s->call).first.kind)
		arrlast(s->call).first = name_of(x);
	if (s->scopes)
		note_scopes(s, x, inner, is_new);
	if (s->begins && x->kind == l->file && arrlast(s->call).plan->use)
		x->use = arrlast(s->call).plan->use->use;
	if (!is_new)
		return;
	if (call_stack_has(s, x->address))
		arrput(s->ending, ((struct ending){
			name_of(x), frame_of(s, x, inner), false, false }));
	if (arrlen(s->call))
		note_owner(s, x);
}
