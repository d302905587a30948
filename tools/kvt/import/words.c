// SPDX-License-Identifier: MIT
/*
 * What a capture says of one recorded call or tracepoint.
 *
 * A recording has a few hundred functions and millions of calls, so we look
 * up everything that depends on the function alone at its first call.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/vec.h"
#include <event-parse.h>

#include "import/decode.h"
#include "import/lifetimes.h"
#include "import/objects.h"
#include "import/values.h"
#include "import/words.h"
#include "kernel/btf.h"
#include "kernel/facts.h"

/* One argument or field. */
struct word_plan {
	char *label;		/* "name=", after the first ", name=" */
	unsigned int label_size;
	struct value_type type;
	struct object_kind *kind;	/* of what it points to, or NULL */
	const struct decode_rule *rule;	/* or NULL */
	int first, words;	/* registers that it takes */
	unsigned int offset;	/* of a field, in the record */
};

struct call_plan {
	const char *name;
	bool known;		/* what it takes and returns */
	struct word_plan *arg;
	struct word_plan result;
	const struct life_plan *life;	/* of the objects that it is given */
};

struct event_plan {
	const char *name;
	struct word_plan *field;
};

struct words {
	const struct facts *facts;
	struct objects *objects;
	struct lifetimes *lives;
	bool args, retval;
	struct call_plan **call;	/* by place in the facts; or NULL */
	struct event_plan **event;	/* by the event's number; or NULL */
};

struct words_thread {
	struct call_stack *calls;
};

struct words *words_new(const struct facts *facts, bool args, bool retval)
{
	struct words *w = xcalloc(1, sizeof(*w));

	w->facts = facts;
	w->objects = objects_new(facts);
	w->lives = lifetimes_new(w->objects);
	w->args = args;
	w->retval = retval;
	w->call = xcalloc(facts->functions, sizeof(*w->call));
	return w;
}

static void free_words(struct word_plan *all)
{
	for (ptrdiff_t i = 0; i < arrlen(all); i++)
		free(all[i].label);
	arrfree(all);
}

void words_free(struct words *w)
{
	for (size_t i = 0; i < w->facts->functions; i++) {
		if (!w->call[i])
			continue;
		free_words(w->call[i]->arg);
		free(w->call[i]);
	}
	free(w->call);
	for (ptrdiff_t i = 0; i < arrlen(w->event); i++) {
		if (!w->event[i])
			continue;
		free_words(w->event[i]->field);
		free(w->event[i]);
	}
	arrfree(w->event);
	lifetimes_free(w->lives);
	objects_free(w->objects);
	free(w);
}

struct objects *words_objects(struct words *w)
{
	return w->objects;
}

/* --- plans ---------------------------------------------------------- */

static struct word_plan plan_word(struct words *w, const char *where,
				  const char *name, const struct value_type *t,
				  bool first)
{
	struct word_plan p = {
		.type = *t,
		.kind = value_kind(w->objects, t),
		.rule = decode_rule(where, name, t),
		.words = t->class == VALUE_BYTES && t->size > 8 ? 2 : 1,
	};

	p.label = xasprintf("%s%s=", first ? "" : ", ", name);
	p.label_size = strlen(p.label);
	return p;
}

static struct call_plan *plan_call(struct words *w, const char *name)
{
	struct call_plan *plan = xcalloc(1, sizeof(*plan));
	const struct type_func *f = types_function(w->facts->types, name);
	int args = f ? type_func_args(f) : 0, used = 0;
	struct value_type t;

	plan->name = name;
	plan->life = lifetimes_plan(w->lives, name);
	if (!f)
		return plan;
	plan->known = true;
	for (int i = 0; i < args; i++) {
		const char *arg = type_func_arg(f, i, &t);
		struct word_plan p = plan_word(w, name, arg, &t, !i);

		p.first = used;
		used += p.words;
		arrput(plan->arg, p);
	}
	type_func_result(f, &t);
	plan->result.type = t;
	plan->result.kind = value_kind(w->objects, &t);
	plan->result.rule = decode_rule(name, "return", &t);
	return plan;
}

const struct call_plan *words_function(struct words *w,
				       const struct function *f)
{
	struct call_plan **plan = &w->call[f - w->facts->function];

	if (!*plan)
		*plan = plan_call(w, f->name);
	return *plan;
}

/* Is the field a single number? */
static bool is_number_field(const struct tep_format_field *f)
{
	return !(f->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_STRING |
			     TEP_FIELD_IS_DYNAMIC)) &&
	       (f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8);
}

/* The type of a field.  Only the text of a pointer's type says what it points
 * to; NAME, of SIZE bytes, keeps that. */
static struct value_type field_type(const struct tep_format_field *f,
				    char *name, size_t size)
{
	struct value_type t = {
		.class = f->flags & TEP_FIELD_IS_POINTER ? VALUE_POINTER :
			 f->flags & TEP_FIELD_IS_SIGNED ? VALUE_SIGNED :
			 VALUE_UNSIGNED,
		.size = f->size,
		.name = "",
	};

	if (t.class == VALUE_POINTER && !strncmp(f->type, "struct ", 7)) {
		snprintf(name, size, "%.*s", (int)strcspn(f->type + 7, " *"),
			 f->type + 7);
		t.name = name;
	}
	return t;
}

static struct event_plan *plan_event(struct words *w,
				     const struct tep_event *e)
{
	struct event_plan *plan = xcalloc(1, sizeof(*plan));

	plan->name = e->name;
	for (const struct tep_format_field *f = e->format.fields; f;
	     f = f->next) {
		char name[64];
		struct value_type t = field_type(f, name, sizeof(name));
		struct word_plan p;

		if (!is_number_field(f))
			continue;
		p = plan_word(w, e->name, f->name, &t, !plan->field);
		p.type.name = "";	/* its kind tells */
		p.offset = f->offset;
		arrput(plan->field, p);
	}
	return plan;
}

const struct event_plan *words_event(struct words *w,
				     const struct tep_event *e)
{
	while (arrlen(w->event) <= e->id)
		arrput(w->event, NULL);
	if (!w->event[e->id])
		w->event[e->id] = plan_event(w, e);
	return w->event[e->id];
}

/* --- threads -------------------------------------------------------- */

struct words_thread *words_thread_new(struct words *w)
{
	struct words_thread *t = xcalloc(1, sizeof(*t));

	t->calls = call_stack_new(w->lives);
	return t;
}

void words_thread_free(struct words_thread *t)
{
	call_stack_free(t->calls);
	free(t);
}

void words_enter(struct words_thread *t, uint64_t stack)
{
	call_stack_enter(t->calls, stack);
}

void words_leave(struct words_thread *t)
{
	call_stack_leave(t->calls);
}

/* The lowest address on the stack that a call is given. */
static uint64_t lowest_on_stack(const struct call_stack *calls,
				const struct call_plan *plan,
				const uint64_t *word, int words)
{
	uint64_t lowest = UINT64_MAX;

	for (ptrdiff_t i = 0; i < arrlen(plan->arg); i++) {
		const struct word_plan *p = &plan->arg[i];

		if (p->type.class == VALUE_POINTER && p->first < words &&
		    word[p->first] < lowest &&
		    call_stack_has(calls, word[p->first]))
			lowest = word[p->first];
	}
	return lowest;
}

/* --- words ---------------------------------------------------------- */

static void write_word(struct words *w, struct words_thread *t,
		       struct buf *out, const struct decode *d,
		       const struct word_plan *p, uint64_t word,
		       uint64_t next_word)
{
	const uint64_t made = objects_made(w->objects);

	buf_add(out, p->label, p->label_size);
	if (!p->rule || !decode_by_rule(out, d, p->rule, &p->type, word))
		value_print_kind(out, w->objects, &p->type, p->kind, word,
				 next_word);
	if (p->type.class == VALUE_POINTER)
		life_touches(t->calls, made);
}

void words_args(struct words *w, struct words_thread *t, struct buf *out,
		const struct call_plan *plan, const uint64_t *word, int words)
{
	struct decode d = { .where = plan->name, .objects = w->objects };

	life_call_begins(t->calls, plan->life, word, words,
		    lowest_on_stack(t->calls, plan, word, words));
	if (!w->args) {
		life_call_runs(t->calls);
		return;
	}
	if (!plan->known)	/* the compiler changed what it takes */
		buf_puts(out, "...");
	for (ptrdiff_t i = 0; i < arrlen(plan->arg); i++) {
		const struct word_plan *p = &plan->arg[i];

		if (p->first + p->words > words) {
			buf_puts(out, i ? ", ..." : "...");
			break;
		}
		write_word(w, t, out, &d, p, word[p->first],
			   p->words > 1 ? word[p->first + 1] : 0);
		d.before = word[p->first];
	}
	life_call_runs(t->calls);
}

void words_result(struct words *w, struct words_thread *t, struct buf *out,
		  const struct call_plan *plan, uint64_t result)
{
	struct decode d = { .where = plan->name, .objects = w->objects };
	const struct word_plan *p = &plan->result;
	const uint64_t made = objects_made(w->objects);

	if (!plan->known || !w->retval || p->type.class == VALUE_VOID)
		return;
	life_call_gives(t->calls, plan->life, result);
	buf_puts(out, " = ");
	if (!p->rule || !decode_by_rule(out, &d, p->rule, &p->type, result))
		result_print_kind(out, w->objects, &p->type, p->kind, result);
	if (p->type.class == VALUE_POINTER)
		life_touches(t->calls, made);
}

/* Is the result a negative errno, as a number or as a pointer? */
static bool is_failure(const struct call_plan *plan, uint64_t result)
{
	const struct value_type *t = &plan->result.type;

	if (t->class == VALUE_POINTER)
		return result >= -4095ull;
	return t->class == VALUE_SIGNED && value_is_errno(t, result);
}

void words_returned(struct words *w, struct words_thread *t,
		    const struct call_plan *plan, const uint64_t *word,
		    int words, uint64_t result)
{
	life_call_returns(t->calls, plan->life, word, words,
		     w->retval && is_failure(plan, result));
}

void words_event_fields(struct words *w, struct words_thread *t,
			struct buf *out, const struct event_plan *plan,
			const void *data, unsigned int size)
{
	struct decode d = { .where = plan->name, .objects = w->objects };

	for (ptrdiff_t i = 0; i < arrlen(plan->field); i++) {
		const struct word_plan *p = &plan->field[i];
		uint64_t word = 0;

		if (p->offset + p->type.size > size)
			break;
		memcpy(&word, (const char *)data + p->offset, p->type.size);
		write_word(w, t, out, &d, p, word, 0);
		d.before = word;
	}
}
