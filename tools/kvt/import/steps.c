// SPDX-License-Identifier: MIT
/*
 * A raw recording as the steps of threads.
 *
 * We look up once what depends only on the kind of event or on the function:
 * offsets of fields by the event's number, functions by address.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <uthash.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/raw.h"
#include "import/steps.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"

struct known_callee {
	struct traced_function callee;
	char *source_name;
	UT_hash_handle hh;	/* by the callee's address */
};

/* The place of a field in a record; SIZE 0: the event lacks it. */
struct field_place {
	unsigned int offset, size;	/* bytes */
};

/* What we know about the events with one number. */
struct event_kind {
	bool asked;		/* we asked the facts for it */
	const struct tep_event *event;	/* NULL: one of the tracer's own */
	enum step_kind step;
	unsigned int least;	/* bytes that its fields need */
	struct tracepoint *tracepoint;	/* one of KVM's */
};

struct thread_number {
	int pid;
	unsigned int number;
	UT_hash_handle hh;
};

enum { WORDS_PASSED = 8, PAGE_BYTES = 4096 };	/* of the smallest page */

struct raw_steps {
	const struct facts *facts;
	struct raw *raw;
	struct raw_step step;
	bool retval;
	struct event_kind *kind;	/* by the event's number; stb_ds */
	struct known_callee *callee;	/* by address */
	struct thread_number *by_pid;
	int *pid;			/* by number; stb_ds */
	struct thread_number *last;	/* the step's before */
	const struct tep_event *user, *passed;	/* or NULL */
	struct field_place function, args, left, result;
	struct field_place entered, arguments, leaves, returns;
	struct field_place exit_code;
	struct field_place address[USER_ADDRESSES], readable[USER_ADDRESSES];
	struct field_place stack;
	struct field_place argument, word[WORDS_PASSED], first_byte, last_byte;
	bool has_calls, has_args;	/* among what was read */
};

/* --- fields --------------------------------------------------------- */

static struct field_place field_place_of(const struct tep_event *e,
					 const char *name)
{
	struct tep_format_field *f =
		tep_find_any_field((struct tep_event *)e, name);

	if (!f)
		return (struct field_place){ 0, 0 };
	return (struct field_place){ f->offset, f->size };
}

/* Returns the place of a number; dies if the event lacks it. */
static struct field_place number_place(const struct tep_event *e, const char *name)
{
	struct field_place p = field_place_of(e, name);

	if (p.size != 1 && p.size != 2 && p.size != 4 && p.size != 8)
		die(KVT_FAILED, "the event %s has no number %s", e->name,
		    name);
	return p;
}

static inline uint64_t number_in(const struct raw_step *at, struct field_place p)
{
	uint64_t n = 0;

	if (p.size == 8)
		memcpy(&n, at->data + p.offset, 8);
	else
		memcpy(&n, at->data + p.offset, p.size);
	return n;
}

/* Copies at most MAX words of the array at P, which may be as long as the
 * record; returns how many. */
static int words_at(const struct raw_step *at, struct field_place p, bool exists,
		    uint64_t *word, int max)
{
	int n;

	if (!exists)
		return 0;
	n = p.size ? (int)p.size / 8 : ((int)at->size - (int)p.offset) / 8;
	if (n > max)
		n = max;
	if (n > 0)
		memcpy(word, at->data + p.offset, n * 8);
	return n > 0 ? n : 0;
}

/* --- kinds of events ------------------------------------------------ */

static const struct tep_event *event_of(const struct facts *f,
					const char *system, const char *name)
{
	const struct tep_event *e = tep_find_event_by_name(f->tep, system,
							   name);

	if (!e)
		die(KVT_FAILED, "the facts lack the format of %s/%s", system,
		    name);
	return e;
}

/* Reads the format of an event that exists for this recording only; or NULL. */
static const struct tep_event *own_event(const struct facts *f,
					 const char *dir, const char *event)
{
	char *path = xasprintf("%s/%s.txt", dir, event), name[64];
	char *format = read_file_if(path, NULL);
	const struct tep_event *e = NULL;

	free(path);
	if (format && sscanf(format, "name: %63s", name) == 1) {
		tep_parse_event(f->tep, format, strlen(format), "kvt");
		e = tep_find_event_by_name(f->tep, "kvt", name);
	}
	free(format);
	return e;
}

static struct event_kind *kind_numbered(struct raw_steps *s, unsigned int number)
{
	size_t count = arrlenu(s->kind);

	if (number >= count) {
		arrsetlen(s->kind, number + 1);
		memset(s->kind + count, 0,
		       (number + 1 - count) * sizeof(*s->kind));
	}
	return &s->kind[number];
}

static void set_step(struct raw_steps *s, const struct tep_event *e,
		     enum step_kind step)
{
	struct event_kind *k = kind_numbered(s, e->id);

	k->asked = true;
	k->event = e;
	k->step = step;
	for (struct tep_format_field *f = e->format.fields; f; f = f->next)
		if ((unsigned int)(f->offset + f->size) > k->least)
			k->least = f->offset + f->size;
}

static enum tracepoint_role role_of_event(const char *name)
{
	static const struct {
		const char *name;
		enum tracepoint_role role;
	} known[] = {
		{ "kvm_entry", TRACEPOINT_ENTRY },
		{ "kvm_exit", TRACEPOINT_EXIT },
		{ "kvm_get_timer_map", TRACEPOINT_TIMER },
		{ "kvm_timer_save_state", TRACEPOINT_TIMER },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].role;
	return TRACEPOINT_PLAIN;
}

/* Looks the event up: its first record has come. */
static void learn_kind(struct raw_steps *s, unsigned int number)
{
	const struct tep_event *e = tep_find_event(s->facts->tep, number);
	struct event_kind *k = kind_numbered(s, number);

	k->asked = true;
	if (!e)
		return;
	if (strcmp(e->system, "kvm")) {
		set_step(s, e, STEP_OTHER);
		return;
	}
	set_step(s, e, STEP_TRACEPOINT);
	k->tracepoint = xcalloc(1, sizeof(*k->tracepoint));
	*k->tracepoint = (struct tracepoint){ e, role_of_event(e->name) };
	if (k->tracepoint->role == TRACEPOINT_EXIT)
		s->exit_code = number_place(e, "ret");
}

static void find_user(struct raw_steps *s, const char *dir)
{
	static const char *const address[] = {
		"lr", "ra1", "ra2", "ra3", "ra4"
	}, *const readable[] = { NULL, "c2", "c2", "c4", "c4" };

	s->user = own_event(s->facts, dir, "user");
	for (int i = 0; s->user && i < USER_ADDRESSES; i++) {
		s->address[i] = number_place(s->user, address[i]);
		if (readable[i])
			s->readable[i] = number_place(s->user, readable[i]);
	}
	if (s->user)
		s->stack = field_place_of(s->user, "sp");
	if (s->user)
		set_step(s, s->user, STEP_USER);
}

static void find_passed(struct raw_steps *s, const char *dir)
{
	static const char *const word[] = {
		"w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7"
	};

	s->passed = own_event(s->facts, dir, "data");
	if (!s->passed)
		return;
	s->argument = number_place(s->passed, "arg");
	for (int i = 0; i < WORDS_PASSED; i++)
		s->word[i] = number_place(s->passed, word[i]);
	s->first_byte = number_place(s->passed, "c0");
	s->last_byte = number_place(s->passed, "c63");
	set_step(s, s->passed, STEP_PASSED);
}

struct raw_steps *steps_open(const struct facts *facts, const char *dir,
			 struct raw *raw, bool retval)
{
	const struct tep_event *entry =
		event_of(facts, "ftrace", "funcgraph_entry");
	const struct tep_event *exit =
		event_of(facts, "ftrace", "funcgraph_exit");
	const struct tep_event *enter =
		event_of(facts, "raw_syscalls", "sys_enter");
	const struct tep_event *leave =
		event_of(facts, "raw_syscalls", "sys_exit");
	struct raw_steps *s = xcalloc(1, sizeof(*s));

	s->facts = facts;
	s->raw = raw;
	s->retval = retval;
	find_user(s, dir);
	find_passed(s, dir);
	set_step(s, entry, STEP_CALL);
	set_step(s, exit, STEP_RETURN);
	set_step(s, enter, STEP_SYSCALL);
	set_step(s, leave, STEP_SYSCALL_RETURN);
	s->function = number_place(entry, "func");
	s->args = field_place_of(entry, "args");
	s->left = number_place(exit, "func");
	if (retval)
		s->result = number_place(exit, "retval");
	s->entered = number_place(enter, "id");
	s->arguments = field_place_of(enter, "args");
	s->leaves = number_place(leave, "id");
	s->returns = number_place(leave, "ret");
	return s;
}

/* --- functions ------------------------------------------------------ */

static unsigned int roles_of_name(const char *name)
{
	static const struct {
		const char *name;
		unsigned int roles;
	} known[] = {
		{ "kvm_sched_in", CALLEE_SCHEDULER },
		{ "kvm_sched_out", CALLEE_SCHEDULER },
		{ "kvm_set_pmu_events", CALLEE_OF_PERF },
		{ "kvm_clr_pmu_events", CALLEE_OF_PERF },
		{ "kvm_set_pmuserenr", CALLEE_OF_PERF },
		{ "kvm_vcpu_pmu_resync_el0", CALLEE_OF_PERF },
		{ "kvm_pmu_create_perf_event", CALLEE_ASKS_PERF },
		{ "kvm_pmu_stop_counter", CALLEE_ASKS_PERF },
		{ "kvm_pmu_release_perf_event", CALLEE_ASKS_PERF },
		{ "kvm_pmu_reprogram_counter_mask", CALLEE_ASKS_PERF },
		{ "kvm_nested_flush_hwstate", CALLEE_LOOP_HEAD },
		{ "__kvm_adjust_pc", CALLEE_ACTS_ONCE },
		{ "irqfd_resampler_ack", CALLEE_TELLS },
		{ "kvm_mmu_notifier_invalidate_range_start",
		  CALLEE_COPY | CALLEE_COPY_BEGINS },
		{ "kvm_mmu_notifier_invalidate_range_end", CALLEE_COPY },
		{ "kvm_no_compat_open", CALLEE_OPENS_KVM },
		{ "misc_open", CALLEE_OPENS_KVM },
		{ "anon_inode_getfd", CALLEE_MAKES_FD },
	};
	unsigned int roles = strstr(name, "timer") ? CALLEE_TIMER : 0;
	size_t length = strcspn(name, ".");	/* without ".part.0" */

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i].name) == length &&
		    !strncmp(known[i].name, name, length))
			roles |= known[i].roles;
	return roles;
}

/* The function at ADDRESS, or NULL. */
static const struct traced_function *callee_at(struct raw_steps *s,
					       uint64_t address)
{
	struct known_callee *k;
	const struct function *f;

	HASH_FIND(hh, s->callee, &address, sizeof(address), k);
	if (k)
		return &k->callee;
	f = facts_function(s->facts, address);
	if (!f)
		return NULL;
	k = xcalloc(1, sizeof(*k));
	k->source_name = xstrdup(f->name);
	strip_suffix(k->source_name);
	k->callee = (struct traced_function){
		.address = address, .name = f->name,
		.source_name = k->source_name, .function = f,
		.roles = roles_of_name(f->name),
	};
	HASH_ADD(hh, s->callee, callee.address, sizeof(address), k);
	return &k->callee;
}

bool step_returns_from(struct raw_steps *s, const struct raw_step *at,
		       const struct traced_function *c)
{
	const struct traced_function *left;

	if (c->address == at->address)
		return true;
	/* A name can have more than one address. */
	left = callee_at(s, at->address);
	return left && !strcmp(left->name, c->name);
}

/* --- threads -------------------------------------------------------- */

static unsigned int number_of_pid(struct raw_steps *s, int pid)
{
	struct thread_number *t = s->last;

	if (t && t->pid == pid)
		return t->number;
	HASH_FIND_INT(s->by_pid, &pid, t);
	if (!t) {
		t = xcalloc(1, sizeof(*t));
		t->pid = pid;
		t->number = arrlenu(s->pid);
		arrput(s->pid, pid);
		HASH_ADD_INT(s->by_pid, pid, t);
	}
	s->last = t;
	return t->number;
}

unsigned int steps_threads(const struct raw_steps *s)
{
	return arrlenu(s->pid);
}

int steps_thread(const struct raw_steps *s, int64_t pid)
{
	struct thread_number *t;
	int key = pid;

	if (key != pid)
		return -1;
	HASH_FIND_INT(s->by_pid, &key, t);
	return t ? (int)t->number : -1;
}

int steps_pid(const struct raw_steps *s, unsigned int thread)
{
	return s->pid[thread];
}

bool steps_have_user(const struct raw_steps *s)
{
	return s->user;
}

bool steps_lack_args(const struct raw_steps *s)
{
	return s->has_calls && !s->has_args;
}

/* --- steps ---------------------------------------------------------- */

static const struct traced_function *function_called(struct raw_steps *s,
						     uint64_t address)
{
	const struct traced_function *c = callee_at(s, address);

	if (!c)
		die(KVT_FAILED, "the recording calls a function at %" PRIx64
		    " that the facts do not have: are they of another"
		    " kernel?", address);
	return c;
}

static void fill_step(struct raw_steps *s, const struct event_kind *k)
{
	struct raw_step *at = &s->step;

	switch (at->kind) {
	case STEP_CALL:
		at->address = number_in(at, s->function);
		at->callee = function_called(s, at->address);
		s->has_calls = true;
		s->has_args |= s->args.offset &&
			       at->size >= s->args.offset + sizeof(uint64_t);
		break;
	case STEP_RETURN:
		at->address = number_in(at, s->left);
		at->result = s->retval ? number_in(at, s->result) : 0;
		break;
	case STEP_SYSCALL:
		at->number = number_in(at, s->entered);
		break;
	case STEP_SYSCALL_RETURN:
		at->number = number_in(at, s->leaves);
		at->result = number_in(at, s->returns);
		break;
	case STEP_TRACEPOINT:
		at->tracepoint = k->tracepoint;
		if (k->tracepoint->role == TRACEPOINT_EXIT)
			at->number = number_in(at, s->exit_code);
		break;
	case STEP_OTHER:
	case STEP_USER:
	case STEP_PASSED:
		break;
	}
}

const struct raw_step *steps_next(struct raw_steps *s)
{
	enum { TYPE = 0, PID = 4, HEAD = 8 };	/* of every record */
	const struct raw_event *e;

	while ((e = raw_next(s->raw))) {
		const struct event_kind *k;
		uint16_t type;
		int32_t pid;

		if (e->size < HEAD)
			die(KVT_BAD_CAPTURE, "the recording has an event"
			    " without a head");
		memcpy(&type, e->data + TYPE, sizeof(type));
		memcpy(&pid, e->data + PID, sizeof(pid));
		if (type >= arrlenu(s->kind) || !s->kind[type].asked)
			learn_kind(s, type);
		k = &s->kind[type];
		if (!k->event)
			continue;
		if (e->size < k->least)
			die(KVT_BAD_CAPTURE, "the recording has an event %s"
			    " that is too short", k->event->name);
		s->step.kind = k->step;
		s->step.thread = number_of_pid(s, pid);
		s->step.cpu = e->cpu;
		s->step.ts = e->ts;
		s->step.data = e->data;
		s->step.size = e->size;
		fill_step(s, k);
		return &s->step;
	}
	return NULL;
}

void steps_rewind(struct raw_steps *s)
{
	raw_rewind(s->raw);
}

/* --- what a step holds ---------------------------------------------- */

int step_words(const struct raw_steps *s, const struct raw_step *at,
	       uint64_t word[MAX_ARGS])
{
	return words_at(at, s->args, s->args.offset, word, MAX_ARGS);
}

void step_arguments(const struct raw_steps *s, const struct raw_step *at,
		    uint64_t arg[6])
{
	memset(arg, 0, 6 * sizeof(*arg));
	words_at(at, s->arguments, s->arguments.offset, arg, 6);
}

/* Could the string at P be read?  Its length is in the upper half of the
 * number that says where it is. */
static bool was_read(const struct raw_step *at, struct field_place p)
{
	enum { LENGTH_SHIFT = 16 };

	return (uint32_t)number_in(at, p) >> LENGTH_SHIFT;
}

void step_user(const struct raw_steps *s, const struct raw_step *at,
	       uint64_t address[USER_ADDRESSES])
{
	for (int i = 0; i < USER_ADDRESSES; i++)
		address[i] = !i || was_read(at, s->readable[i]) ?
			     number_in(at, s->address[i]) : 0;
}

uint64_t step_stack(const struct raw_steps *s, const struct raw_step *at)
{
	return number_in(at, s->stack);
}

/* The kernel can read all of a page or nothing of it. */
void step_passed(const struct raw_steps *s, const struct raw_step *at,
		 struct passed *p)
{
	uint64_t begin = number_in(at, s->argument);
	unsigned int left = PAGE_BYTES - begin % PAGE_BYTES;

	for (int i = 0; i < WORDS_PASSED; i++)
		p->word[i] = number_in(at, s->word[i]);
	p->size = was_read(at, s->first_byte) ? sizeof(p->word) : 0;
	if (p->size > left && !was_read(at, s->last_byte))
		p->size = left;
}

void steps_close(struct raw_steps *s)
{
	struct known_callee *k, *next;
	struct thread_number *t, *after;

	HASH_ITER(hh, s->callee, k, next) {
		HASH_DEL(s->callee, k);
		free(k->source_name);
		free(k);
	}
	HASH_ITER(hh, s->by_pid, t, after) {
		HASH_DEL(s->by_pid, t);
		free(t);
	}
	for (size_t i = 0; i < arrlenu(s->kind); i++)
		free(s->kind[i].tracepoint);
	arrfree(s->kind);
	arrfree(s->pid);
	free(s);
}
