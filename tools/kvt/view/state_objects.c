// SPDX-License-Identifier: MIT
/* The objects of a state: their births, uses and ends. */
#include <stdbool.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "kernel/ends.h"
#include "view/call_args.h"
#include "view/identity.h"
#include "view/object_ref.h"
#include "view/state_objects.h"

/* An object that ends when a call returns. */
struct ending_soon {
	struct state_object *object;
	const struct node *with;
};

static bool is_of_type(const struct state_object *o, const char *type)
{
	return !strcmp(o->type, type);
}

/* --- objects --------------------------------------------------------- */

/* The type that objects of TYPE end with: kvm or vcpu for what belongs to
 * either; NULL: none. */
static bool ends_with_whole(const char *type, const char *whole)
{
	for (const struct object_part *p = object_parts; p->type; p++)
		if (!strcmp(p->type, type) && !strcmp(p->whole, whole))
			return true;
	for (int i = 0; belonging_types[i]; i++)
		if (!strcmp(belonging_types[i], type))
			return !strcmp(whole, "kvm") || !strcmp(whole, "vcpu");
	return false;
}

/* Does kvt know when an object of this type ends? */
static bool has_known_end(const struct object_ref *r)
{
	for (const struct object_end *e = object_ends; e->function; e++)
		if (object_ref_is_of(r, e->type))
			return true;
	for (const struct object_part *p = object_parts; p->type; p++)
		if (object_ref_is_of(r, p->type))
			return true;
	for (int i = 0; belonging_types[i]; i++)
		if (object_ref_is_of(r, belonging_types[i]))
			return true;
	return false;
}

struct state_object *state_object_named(const struct state *s,
					const char *name)
{
	struct state_object *o;

	HASH_FIND_STR(s->object, name, o);
	return o;
}

/* The living object that O, which N has, is a part of: among N's arguments,
 * or those of a call around it. */
static struct state_object *find_whole(const struct state *s,
				       const struct state_object *o,
				       const struct node *n)
{
	struct object_ref r;

	for (; n && n->name; n = n->parent) {
		for (const char *p = n->args; p && (p = object_ref_next(p, &r)); ) {
			char *name = xasprintf("%.*s", (int)r.size, r.type);
			struct state_object *whole = state_object_named(s, name);

			free(name);
			if (whole && !whole->ended &&
			    ends_with_whole(o->type, whole->type))
				return whole;
		}
	}
	return NULL;
}

static struct state_object *touch(struct state *s, const struct object_ref *r,
				  const struct node *n)
{
	char *name = xasprintf("%.*s", (int)r->size, r->type);
	struct state_object *o = state_object_named(s, name);

	if (o) {
		free(name);
	} else {
		o = xcalloc(1, sizeof(*o));
		o->name = name;
		o->type = xasprintf("%.*s", (int)r->length, r->type);
		o->first = n;
		HASH_ADD_KEYPTR(hh, s->object, o->name, strlen(o->name), o);
		o->whole = find_whole(s, o, n);
	}
	o->last = n;
	return o;
}

void state_note_pair(struct state *s, const struct state_object *a,
		     const struct state_object *b, const struct node *n)
{
	char *key = xasprintf("%s %s", a->name, b->name);
	struct state_pair *p;

	HASH_FIND_STR(s->pair, key, p);
	if (p || a == b) {
		free(key);
		return;
	}
	p = xcalloc(1, sizeof(*p));
	*p = (struct state_pair){ .key = key, .a = a, .b = b, .call = n };
	HASH_ADD_KEYPTR(hh, s->pair, p->key, strlen(p->key), p);
}

/* The objects in TEXT join those of the same call. */
static void touch_all(struct state *s, const char *text, const struct node *n,
		      struct state_object ***of_call)
{
	struct object_ref r;

	for (const char *p = text; p && (p = object_ref_next(p, &r)); ) {
		struct state_object *o;

		if (!has_known_end(&r))
			continue;
		o = touch(s, &r, n);
		for (ptrdiff_t i = 0; i < arrlen(*of_call); i++)
			state_note_pair(s, (*of_call)[i], o, n);
		arrput(*of_call, o);
	}
}

/* --- ends ------------------------------------------------------------- */

void state_end_object(struct state *s, struct state_object *o,
		      const struct node *call)
{
	if (o->ended)
		return;
	o->ended = call;
	for (struct state_object *part = s->object; part; part = part->hh.next)
		if (part->whole == o)
			state_end_object(s, part, call);
}

/* What CALL itself was given does not count. */
static bool is_called_by(const struct node *n, const struct node *call)
{
	for (n = n->parent; n && n != call; )
		n = n->parent;
	return n;
}

/* Is O one of those that a row about what is inside of call N means? */
static bool is_meant(const struct object_end *e, const struct state_object *o,
		     const struct node *n)
{
	if (!is_of_type(o, e->type))
		return false;
	return e->what == END_ALL ||
	       (e->what == END_FIRST_SEEN && is_called_by(o->first, n)) ||
	       (e->what == END_MENTIONED && is_called_by(o->last, n));
}

static bool has_failed(const struct node *n)
{
	return n->result && (n->result[0] == '-' ||
			     !strncmp(n->result, "ERR_PTR(", 8));
}

/* Does the row apply to this call of its function? */
static bool applies(const struct object_end *e, const struct node *n)
{
	struct arg_value change;

	if (e->when == END_ON_FAILURE)
		return has_failed(n);
	if (e->when == END_UNLESS_DELETE)
		return arg_at(n->args, 3, &change) &&
		       !arg_is(&change, "KVM_MR_DELETE");
	return true;
}

static void end_argument(struct state *s, const struct object_end *e,
			 const struct node *n)
{
	struct arg_value value;
	struct state_object *o;
	char *name;

	if (!arg_at(n->args, e->arg, &value))
		return;
	name = arg_copy(&value);
	o = state_object_named(s, name);
	free(name);
	if (!o || !is_of_type(o, e->type))
		return;
	if (e->when == END_WITH_CALLER && identity_recorded(n->parent))
		arrput(s->soon, ((struct ending_soon){
			o, identity_recorded(n->parent) }));
	else
		state_end_object(s, o, n);
}

static void end_by_row(struct state *s, const struct object_end *e,
		       const struct node *n)
{
	if (!applies(e, n))
		return;
	if (e->what == END_ARGUMENT) {
		end_argument(s, e, n);
		return;
	}
	for (struct state_object *o = s->object; o; o = o->hh.next)
		if (is_meant(e, o, n))
			state_end_object(s, o, n);
}

/* What ends when N returns. */
static void end_with(struct state *s, const struct node *n)
{
	ptrdiff_t kept = 0;

	for (ptrdiff_t i = 0; i < arrlen(s->soon); i++) {
		if (s->soon[i].with == n)
			state_end_object(s, s->soon[i].object, n);
		else
			s->soon[kept++] = s->soon[i];
	}
	if (s->soon)
		arrsetlen(s->soon, kept);
	if (n->kind != NODE_CALL)
		return;
	for (const struct object_end *e = object_ends; e->function; e++)
		if (!strcmp(e->function, n->name))
			end_by_row(s, e, n);
}

/* --- calls ------------------------------------------------------------ */

void state_call_begins(struct state *s, const struct node *n)
{
	struct state_object **of_call = NULL;

	if (n->kind != NODE_SYSCALL)
		touch_all(s, n->args, n, &of_call);
	arrfree(of_call);
}

void state_call_returns(struct state *s, const struct node *n)
{
	struct state_object **of_call = NULL;

	if (n->kind == NODE_CALL && n->result && strchr(n->result, '#')) {
		touch_all(s, n->args, n, &of_call);
		touch_all(s, n->result, n, &of_call);
	}
	arrfree(of_call);
	end_with(s, n);
}

void state_free_objects(struct state *s)
{
	struct state_object *o, *next_object;
	struct state_pair *p, *next_pair;

	HASH_ITER(hh, s->pair, p, next_pair) {
		HASH_DEL(s->pair, p);
		free(p->key);
		free(p);
	}
	HASH_ITER(hh, s->object, o, next_object) {
		HASH_DEL(s->object, o);
		free(o->name);
		free(o->type);
		free(o);
	}
	arrfree(s->soon);
}
