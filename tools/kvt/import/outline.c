// SPDX-License-Identifier: MIT
/* Decides what of a recording stays: one reading, with a stack a thread. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/outline.h"
#include "import/steps.h"
#include "import/syscalls.h"

enum { NOT_CUTTING = -1 };

/* A call that has not ended. */
struct begun_call {
	const struct traced_function *callee;	/* NULL: a system call */
	uint64_t at;		/* the step that began it */
	bool has_children;	/* that stay */
	/* Of rounds through the guest, steps among its children: */
	bool has_head, has_entry, interrupted, has_reentry;
	bool told;		/* a program's eventfd, since the entry */
	uint64_t head;		/* the loop's head, no entry behind it */
	uint64_t entry;		/* the first entry of what is one round */
	uint64_t reentry;	/* the last entry, after an interrupt */
	uint64_t acted;		/* the end of what acts once, behind ENTRY; 0 */
	uint64_t idle;		/* ... behind REENTRY, with no more to do; 0 */
	unsigned long turned;	/* rounds that turned back since then */
};

struct thread_stack {
	struct begun_call *call;	/* the first is outermost; stb_ds */
	int cutting;		/* index; or NOT_CUTTING */
	uint64_t steps;		/* so far */
	struct syscall sys;	/* the open one, if CALL begins with one */
	unsigned long rounds, schedules, copies;	/* left out of CALL */
	bool known;		/* it has entered or left a system call */
	bool partial;		/* before that, KVM did something ... */
	bool kept;		/* ... and something of it stays */
};

/* What a system call's number means, one bit each. */
enum syscall_meaning {
	SYSCALL_ASKED = 1,	/* the others are known */
	SYSCALL_EXITS = 2,
	SYSCALL_IOCTL = 4,
	SYSCALL_BEARS = 8,	/* it makes a thread or process ... */
	SYSCALL_FLAGGED = 16,	/* ... and its first argument is flags */
};

enum { SYSCALL_NUMBERS = 512 };	/* those above have no meaning here */

struct outliner {
	unsigned char meaning[SYSCALL_NUMBERS];
	struct outline *outline;
	struct raw_steps *steps;
	struct thread_stack *stack;	/* by number of the thread; stb_ds */
	bool attached;
};

/* --- ranges --------------------------------------------------------- */

/* Leaves out FROM to TO, which replaces earlier cuts in that range. */
static void cut_steps(struct thread_outline *t, uint64_t from, uint64_t to)
{
	struct step_range range = { from, to };
	size_t first = arrlenu(t->cut), after;

	while (first && t->cut[first - 1].from >= from)
		first--;
	for (after = first; after < arrlenu(t->cut); after++)
		if (t->cut[after].from > to)
			break;
	if (after == first) {
		arrins(t->cut, first, range);
		return;
	}
	t->cut[first] = range;
	arrdeln(t->cut, first + 1, after - first - 1);
}

/* --- rounds through the guest --------------------------------------- */

/*
 * A host interrupt takes the vCPU out of the guest and sends it around the run
 * loop once more.  The program has no part in that, so the capture must read
 * as if no interrupt had come.  We keep the entry with the PC where the guest
 * began, and then what the last round did, because that round met the exit. An
 * interrupt that ends KVM_RUN, or the recording, has no second exit; we keep
 * it.
 *
 * What KVM noted before the entry, an exception for the guest for example, the
 * first round has done, and the last has no more to do.  So where the first did
 * something, its beginning stays as far as that.
 *
 * One interrupt is the guest's doing: its end of an interrupt, of which KVM
 * tells an eventfd of the program's.  The round that follows it begins anew.
 */
static void guest_exits(struct thread_outline *t, struct thread_stack *k,
			struct begun_call *c, const struct raw_step *at)
{
	if (c->has_reentry) {
		if (c->acted && c->idle)
			cut_steps(t, c->acted + 1, c->idle);
		else
			cut_steps(t, c->entry + 1, c->reentry);
		k->rounds++;
		c->turned = 0;
	}
	c->has_reentry = false;
	c->interrupted = !at->number;
}

static void guest_entered(struct begun_call *c, uint64_t now)
{
	c->has_head = false;
	if (c->interrupted && c->has_entry && !c->told) {
		c->reentry = now;
		c->has_reentry = true;
		c->idle = 0;
		return;
	}
	c->entry = now;
	c->acted = c->idle = 0;
	c->has_entry = true;
	c->has_reentry = c->interrupted = c->told = false;
}

/* The innermost call that goes through the guest, if there is one. */
static struct begun_call *runner(struct thread_stack *k)
{
	for (ptrdiff_t i = arrlen(k->call) - 1; i >= 0; i--)
		if (k->call[i].has_entry)
			return &k->call[i];
	return NULL;
}

/* A call that acts once ends with the step LAST; DID: it called something. */
static void acted_once(struct thread_stack *k, uint64_t last, bool did)
{
	struct begun_call *c = runner(k);

	if (!c)
		return;
	if (c->has_reentry)
		c->idle = did ? 0 : last;
	else if (!c->interrupted)
		c->acted = did ? last : 0;
}

/*
 * At the last look before the guest KVM can find other work: the scheduler
 * wants to run another thread, for example.  Then the vCPU goes back to the
 * head of the loop, and we leave out the round that achieved nothing.
 */
static void loop_begins(struct thread_outline *t, struct thread_stack *k,
			struct begun_call *c)
{
	if (c->has_head) {
		cut_steps(t, c->head, k->steps - 1);
		/* It does not count inside an interrupt's round. */
		if (c->interrupted)
			c->turned++;
		else
			k->rounds++;
	}
	c->head = k->steps;
	c->has_head = true;
}

/* --- calls that begin and end --------------------------------------- */

static struct begun_call *innermost(struct thread_stack *k)
{
	return arrlen(k->call) ? &arrlast(k->call) : NULL;
}

static void push_begun_call(struct thread_stack *k,
			    const struct traced_function *callee)
{
	struct begun_call c = { .callee = callee, .at = k->steps };

	if (arrlen(k->call) >= MAX_DEPTH)
		die(KVT_BAD_CAPTURE, "the recording has calls nested deeper"
		    " than %d", MAX_DEPTH);
	arrput(k->call, c);
}

/* Is a call with these ROLES, in IN if there is one, left out with all that is
 * in it?  Perf puts a counter on a CPU when a function of KVM's asks it to, and
 * whenever the thread comes or goes. */
static bool is_visit(const struct begun_call *in, unsigned int roles)
{
	/* A system call has no callee. */
	if (roles & CALLEE_OF_PERF)
		return !in || !in->callee ||
		       !(in->callee->roles & CALLEE_ASKS_PERF);
	return roles & (in ? CALLEE_SCHEDULER : CALLEE_COPY);
}

static void call_begins(struct thread_outline *t, struct thread_stack *k,
			const struct raw_step *at)
{
	struct begun_call *in = innermost(k);
	unsigned int roles = at->callee->roles;

	if (k->cutting == NOT_CUTTING && is_visit(in, roles)) {
		k->cutting = arrlen(k->call);
	} else if (in && k->cutting == NOT_CUTTING) {
		in->has_children = true;
		if (roles & CALLEE_LOOP_HEAD)
			loop_begins(t, k, in);
		if (roles & CALLEE_TELLS && runner(k))
			runner(k)->told = true;
	}
	push_begun_call(k, at->callee);
}

/* Ends the innermost call; LAST is its last step. */
static void end_open_call(struct thread_outline *t, struct thread_stack *k,
			  uint64_t last)
{
	struct begun_call c = arrpop(k->call);

	if (k->cutting == NOT_CUTTING)
		k->rounds += c.turned;
	if (k->cutting == NOT_CUTTING && c.callee->roles & CALLEE_ACTS_ONCE)
		acted_once(k, last, c.has_children);
	if (k->cutting != arrlen(k->call))
		return;
	k->cutting = NOT_CUTTING;
	cut_steps(t, c.at, last);
	if (c.callee->roles & (CALLEE_SCHEDULER | CALLEE_OF_PERF))
		k->schedules++;
	if (c.callee->roles & CALLEE_COPY_BEGINS)
		k->copies++;
}

/* --- what a thread does --------------------------------------------- */

static unsigned char meaning_of_name(const char *name)
{
	static const struct {
		const char *name;
		unsigned char meaning;
	} known[] = {
		{ "exit", SYSCALL_EXITS },
		{ "exit_group", SYSCALL_EXITS },
		{ "ioctl", SYSCALL_IOCTL },
		{ "clone", SYSCALL_BEARS | SYSCALL_FLAGGED },
		{ "clone3", SYSCALL_BEARS },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].meaning;
	return 0;
}

static unsigned char meaning_of(struct outliner *s, int64_t number)
{
	const struct syscall sys = { .number = number };

	if (number < 0 || number >= SYSCALL_NUMBERS)
		return 0;
	if (!s->meaning[number])
		s->meaning[number] = SYSCALL_ASKED |
				     meaning_of_name(syscall_text(&sys));
	return s->meaning[number];
}

/* Threads share descriptors unless the flags say otherwise.  We cannot see the
 * flags of clone3; glibc uses it for threads. */
static void note_birth(struct outliner *s, struct thread_outline *t,
		       const struct thread_stack *k, uint64_t at)
{
	const uint64_t clone_files = 0x400;
	unsigned char meaning = meaning_of(s, k->sys.number);
	struct birth b = {
		.at = at, .pid = k->sys.result,
		.copies = meaning & SYSCALL_FLAGGED &&
			  !(k->sys.arg[0] & clone_files),
	};

	if (meaning & SYSCALL_BEARS && k->sys.result > 0)
		arrput(t->birth, b);
}

/* Ends the thread's open call, a system call, after all calls inside it. */
static void finish_syscall(struct outliner *s, struct thread_outline *t,
			   struct thread_stack *k, uint64_t last, bool returned)
{
	struct begun_call top = arrpop(k->call);

	k->rounds += top.turned;
	if (returned)
		note_birth(s, t, k, top.at);
	if (top.has_children)
		return;
	/* Only its descriptors decide about a call without children, and we do
	 * not know them yet. */
	if (syscall_may_concern_kvm(&k->sys))
		arrput(t->bare, top.at);
	else
		cut_steps(t, top.at, last);
}

/* Ends an outermost call of a thread, a system call or another; LAST is its
 * last step. */
static void finish_tree(struct outliner *s, struct thread_outline *t,
			struct thread_stack *k, uint64_t last, bool returned)
{
	struct begun_call top;

	if (!arrlen(k->call))
		return;
	while (arrlen(k->call) > 1)
		end_open_call(t, k, last - returned);
	top = k->call[0];
	k->kept |= k->cutting == NOT_CUTTING;
	if (top.callee)
		end_open_call(t, k, last);
	else
		finish_syscall(s, t, k, last, returned);
	s->outline->rounds += k->rounds;
	s->outline->schedules += k->schedules;
	s->outline->copies += k->copies;
	k->rounds = k->schedules = k->copies = 0;
}

/*
 * Handles a thread that was in a system call when the recording began: drops
 * what we saw of that call, because its beginning is missing, and counts it.
 * PROOF: we know that it was an ioctl, even if we saw nothing of it.
 */
static void drop_begun(struct outliner *s, struct thread_outline *t,
		       struct thread_stack *k, bool proof)
{
	if (proof || arrlen(k->call) || k->kept || k->partial)
		s->outline->begun++;
	arrsetlen(k->call, 0);
	k->rounds = k->schedules = k->copies = 0;
	k->cutting = NOT_CUTTING;
	k->known = true;
	cut_steps(t, 0, k->steps);
}

static void syscall_begins(struct outliner *s, struct thread_outline *t,
			   struct thread_stack *k, const struct raw_step *at)
{
	k->known = true;
	if (k->steps)
		finish_tree(s, t, k, k->steps - 1, false);
	k->sys = (struct syscall){ .number = at->number };
	step_arguments(s->steps, at, k->sys.arg);
	if (meaning_of(s, at->number) & SYSCALL_EXITS)
		s->outline->exits = true;
	push_begun_call(k, NULL);
}

static void syscall_ends(struct outliner *s, struct thread_outline *t,
			 struct thread_stack *k, const struct raw_step *at)
{
	if (s->attached && !k->known) {
		drop_begun(s, t, k,
			   meaning_of(s, at->number) & SYSCALL_IOCTL);
		return;
	}
	if (!arrlen(k->call) || k->call[0].callee)
		return;
	k->sys.result = at->result;
	finish_tree(s, t, k, k->steps, true);
}

/* Finds the open call that the return AT ends; -1: it began before the
 * recording. */
static int call_that_ends(struct outliner *s, const struct thread_stack *k,
			  const struct raw_step *at)
{
	int i = arrlen(k->call) - 1;

	while (i >= 0 && !(k->call[i].callee &&
			   step_returns_from(s->steps, at, k->call[i].callee)))
		i--;
	return i;
}

static void call_returns(struct outliner *s, struct thread_outline *t,
			 struct thread_stack *k, const struct raw_step *at)
{
	int ends = call_that_ends(s, k, at);

	if (ends < 0) {
		k->partial = true;
		return;
	}
	if (!ends) {
		finish_tree(s, t, k, k->steps, true);
		return;
	}
	while (arrlen(k->call) > ends + 1)
		end_open_call(t, k, k->steps - 1);
	end_open_call(t, k, k->steps);
}

/*
 * If we do not record the next thread on the CPU, the function tracer stops
 * before kvm_sched_out(), and the tracepoints stop a little later.  So events
 * of the timer outside of the timer's functions come from kvm_sched_out().
 */
static bool is_left_by_sched_out(const struct begun_call *in,
				 const struct tracepoint *p)
{
	return p->role == TRACEPOINT_TIMER && in->callee &&
	       !(in->callee->roles & CALLEE_TIMER);
}

static void tracepoint_fires(struct thread_outline *t, struct thread_stack *k,
			     const struct raw_step *at)
{
	struct begun_call *in = innermost(k);

	k->partial |= !in;
	if (!in || at->kind == STEP_OTHER || k->cutting != NOT_CUTTING)
		return;
	if (is_left_by_sched_out(in, at->tracepoint)) {
		cut_steps(t, k->steps, k->steps);
		return;
	}
	in->has_children = true;
	if (at->tracepoint->role == TRACEPOINT_ENTRY)
		guest_entered(in, k->steps);
	if (at->tracepoint->role == TRACEPOINT_EXIT)
		guest_exits(t, k, in, at);
}

/* --- the recording -------------------------------------------------- */

static void outline_step(struct outliner *s, const struct raw_step *at)
{
	struct thread_outline *t;
	struct thread_stack *k;

	while (at->thread >= arrlenu(s->stack)) {
		struct thread_stack stack = { .cutting = NOT_CUTTING };
		struct thread_outline outline = { 0 };

		arrput(s->stack, stack);
		arrput(s->outline->thread, outline);
	}
	t = &s->outline->thread[at->thread];
	k = &s->stack[at->thread];
	switch (at->kind) {
	case STEP_CALL:
		call_begins(t, k, at);
		break;
	case STEP_RETURN:
		call_returns(s, t, k, at);
		break;
	case STEP_SYSCALL:
		syscall_begins(s, t, k, at);
		break;
	case STEP_SYSCALL_RETURN:
		syscall_ends(s, t, k, at);
		break;
	case STEP_TRACEPOINT:
	case STEP_OTHER:
		tracepoint_fires(t, k, at);
		break;
	case STEP_USER:
	case STEP_PASSED:
		break;
	}
	k->steps++;
}

struct outline *outline_find(struct raw_steps *steps, bool attached)
{
	struct outliner s = { .steps = steps, .attached = attached };
	const struct raw_step *at;

	s.outline = xcalloc(1, sizeof(*s.outline));
	while ((at = steps_next(steps)))
		outline_step(&s, at);
	for (size_t i = 0; i < arrlenu(s.stack); i++) {
		struct thread_outline *t = &s.outline->thread[i];
		struct thread_stack *k = &s.stack[i];

		if (attached && !k->known)
			drop_begun(&s, t, k, false);
		else
			finish_tree(&s, t, k, k->steps - 1, false);
		arrfree(k->call);
	}
	arrfree(s.stack);
	return s.outline;
}

void outline_free(struct outline *s)
{
	for (size_t i = 0; i < arrlenu(s->thread); i++) {
		arrfree(s->thread[i].cut);
		arrfree(s->thread[i].bare);
		arrfree(s->thread[i].birth);
	}
	arrfree(s->thread);
	free(s);
}
