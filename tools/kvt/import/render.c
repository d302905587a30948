// SPDX-License-Identifier: MIT
/*
 * Turns the steps that we keep into the lines of a capture.  This is the
 * second reading, in order of time, because numbers of objects and kinds of
 * descriptors depend on the moment.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/memory.h"
#include "base/spool.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/write.h"
#include "import/callers.h"
#include "import/program_lines.h"
#include "import/render.h"
#include "import/outline.h"
#include "import/sites.h"
#include "import/steps.h"
#include "import/syscalls.h"
#include "import/words.h"
#include "kernel/facts.h"

/* Bytes of text that stay in memory.  The fuzzer makes it small, so that the
 * temporary file is tried, too. */
#ifndef SPOOL_MEMORY
#define SPOOL_MEMORY (16 << 20)
#endif

/* A tracepoint that fired; the next call tells us which level it is in. */
struct waiting_event {
	const struct tracepoint *tracepoint;
	char *args;
	struct record_span span;
};

/* An open call.  A thread's first frame is no call: it holds the outermost
 * ones. */
struct open_frame {
	const struct traced_function *callee;	/* NULL: a system call, or none */
	const struct call_plan *plan;	/* of CALLEE */
	uint64_t word[MAX_ARGS];	/* its arguments */
	int words;
	uint64_t start;
	uint64_t child_end;	/* ns, of its last child, or START */
	uint64_t record;	/* its number in the thread, from 0 */
	bool dropped;		/* a system call that gets no line */
	/* What is between it and its children: */
	struct site_level *level;	/* open, outermost first; stb_ds */
	uint64_t last_caller;	/* of the call before, or 0 */
	struct waiting_event *waiting;	/* stb_ds */
};

struct thread_state {
	unsigned int number;
	const struct thread_outline *outline;
	uint64_t step;		/* the next one's number */
	size_t cuts, bares, births;	/* of its outline, that are past */
	struct fds *fds;	/* its process's descriptors */
	struct words_thread *words;
	uint64_t stack;		/* the top of its kernel stack, or 0 */
	struct call_writer writer;
	struct open_frame *frame;	/* room for the deepest; stb_ds */
	size_t depth;		/* frames in use, the first included */
	uint64_t records;
	/* The system call that is open: */
	struct syscall sys;
	struct passed passed;
	int child;		/* the thread that it made, or -1 */
	bool opened_kvm;	/* something in it opened the device */
	int64_t made;		/* descriptor made in it, or -1 */
	/* What is known of the next one: */
	struct passed next_passed;
	bool has_passed;
	uint64_t user[USER_ADDRESSES];
};

struct renderer {
	const struct render_from *from;
	struct rendering *made;
	struct words *words;
	struct thread_state *thread;	/* by number; stb_ds */
	struct fds **copies;	/* that processes were born with; stb_ds */
	struct buf lines;	/* of one step */
	struct buf text;	/* of one call's arguments or result */
};

/* --- records and lines ---------------------------------------------- */

static struct open_frame *top_frame(struct thread_state *t)
{
	return &t->frame[t->depth - 1];
}

static struct open_frame *enter_frame(struct thread_state *t, uint64_t now)
{
	static const struct open_frame none;
	struct open_frame *f;

	if (t->depth == arrlenu(t->frame))
		arrput(t->frame, none);
	f = &t->frame[t->depth++];
	f->callee = NULL;
	f->dropped = false;
	f->start = f->child_end = now;
	f->last_caller = 0;
	return f;
}

/* Counts a record; returns its number in the thread. */
static uint64_t add_record(struct renderer *r, struct thread_state *t,
			   const struct record_span *span)
{
	r->made->records++;
	if (r->from->times)
		spool_add(&r->made->thread[t->number].times, span,
			  sizeof(*span));
	return t->records++;
}

static void end_record(struct renderer *r, struct thread_state *t,
		       uint64_t record, uint64_t duration)
{
	if (r->from->times)
		spool_patch(&r->made->thread[t->number].times,
			    record * sizeof(struct record_span) +
			    offsetof(struct record_span, duration),
			    &duration, sizeof(duration));
}

static void line_begins(struct thread_state *t, enum node_kind kind,
			const char *name, const char *args, const char *place)
{
	const struct node n = {
		.kind = kind, .name = (char *)name, .args = (char *)args,
		.place = (char *)place,
	};

	if (t->writer.depth >= MAX_DEPTH)
		die(KVT_BAD_CAPTURE, "the recording has calls nested deeper"
		    " than %d", MAX_DEPTH);
	call_begins(&t->writer, &n);
}

/* RESULT: " = value", or "". */
static void line_ends(struct thread_state *t, bool returned,
		      const char *result)
{
	const struct node n = {
		.open = !returned,
		.result = *result ? (char *)result + strlen(" = ") : NULL,
	};

	call_ends(&t->writer, &n);
}

/* The text that was made of a call; the next one overwrites it. */
static const char *text_of(struct renderer *r)
{
	return r->text.size ? r->text.text : "";
}

/* --- levels --------------------------------------------------------- */

static void close_levels(struct thread_state *t, struct open_frame *f,
			 size_t keep)
{
	while (arrlenu(f->level) > keep) {
		line_ends(t, true, "");
		arrsetlen(f->level, arrlenu(f->level) - 1);
	}
}

static void open_levels(struct thread_state *t, struct open_frame *f,
			const struct site_level *level, size_t count)
{
	for (size_t i = arrlenu(f->level); i < count; i++) {
		line_begins(t, level[i].kind, level[i].name, "",
			    level[i].place);
		arrput(f->level, level[i]);
	}
}

static bool is_same_level(const struct site_level *a,
			  const struct site_level *b)
{
	return a->kind == b->kind && !strcmp(a->name, b->name) &&
	       !strcmp(a->place ?: "", b->place ?: "");
}

/*
 * Counts F's open levels that a call shares.  Nothing says how often an
 * unrecorded function ran; we assume once, as long as the calls in it move
 * forward.
 */
static size_t shared_levels(const struct open_frame *f,
			    const struct site_level *level, size_t count,
			    uint64_t caller)
{
	size_t same = 0;

	while (same < count && same < arrlenu(f->level) &&
	       is_same_level(&f->level[same], &level[same]) &&
	       (level[same].kind != NODE_UNSEEN || caller > f->last_caller))
		same++;
	return same;
}

static void render_event_line(struct renderer *r, struct thread_state *t,
			const struct tracepoint *p, const char *args,
			const struct record_span *span)
{
	line_begins(t, NODE_EVENT, p->event->name, args, NULL);
	line_ends(t, true, "");
	add_record(r, t, span);
}

/* Writes the tracepoints that wait in F. */
static void write_waiting(struct renderer *r, struct thread_state *t,
			  struct open_frame *f)
{
	for (size_t i = 0; i < arrlenu(f->waiting); i++) {
		render_event_line(r, t, f->waiting[i].tracepoint,
			    f->waiting[i].args, &f->waiting[i].span);
		free(f->waiting[i].args);
	}
	if (f->waiting)
		arrsetlen(f->waiting, 0);
}

/*
 * Opens the levels of a call that begins in F and returns to CALLER.  A
 * tracepoint is in the levels that the calls around it share.  Returns the
 * place of the call, or NULL.
 */
static const char *enter_levels(struct renderer *r, struct thread_state *t,
				struct open_frame *f, uint64_t caller)
{
	struct site_level level[MAX_LEVELS];
	const char *place;
	size_t count;

	if (!r->from->sites)
		return NULL;
	count = sites_levels(r->from->sites, caller, f->callee ?
			     f->callee->source_name : NULL,
			     level, &place);
	close_levels(t, f, shared_levels(f, level, count, caller));
	write_waiting(r, t, f);
	open_levels(t, f, level, count);
	f->last_caller = caller;
	return place;
}

/* Ends F's levels: no other call follows in F. */
static void leave_levels(struct renderer *r, struct thread_state *t,
			 struct open_frame *f)
{
	close_levels(t, f, 0);
	write_waiting(r, t, f);
}

/* --- calls ---------------------------------------------------------- */

static void render_call(struct renderer *r, struct thread_state *t,
			const struct raw_step *at, uint64_t caller)
{
	const char *place = enter_levels(r, t, top_frame(t), caller);
	struct record_span span = { .start = at->ts, .cpu = at->cpu };
	struct open_frame *f = enter_frame(t, at->ts);

	f->callee = at->callee;
	f->plan = words_function(r->words, at->callee->function);
	buf_clear(&r->text);
	f->words = 0;
	if (r->from->args) {
		f->words = step_words(r->from->steps, at, f->word);
		words_args(r->words, t->words, &r->text, f->plan, f->word,
			   f->words);
	}
	line_begins(t, NODE_CALL, at->callee->name, text_of(r), place);
	f->record = add_record(r, t, &span);
	if (at->callee->roles & CALLEE_OPENS_KVM)
		t->opened_kvm = true;
}

/* Ends the innermost call, AT a step that may be later. */
static void render_return(struct renderer *r, struct thread_state *t,
			  const struct raw_step *at, bool returned)
{
	struct open_frame *f = top_frame(t);
	uint64_t end = returned ? at->ts : f->child_end;

	leave_levels(r, t, f);
	buf_clear(&r->text);
	if (returned) {
		words_result(r->words, t->words, &r->text, f->plan,
			     at->result);
		words_returned(r->words, t->words, f->plan, f->word, f->words,
			       at->result);
		if (f->callee->roles & CALLEE_MAKES_FD &&
		    r->from->retval && t->made < 0)
			t->made = (int32_t)at->result;
	}
	line_ends(t, returned, text_of(r));
	end_record(r, t, f->record, end - f->start);
	t->depth--;
	top_frame(t)->child_end = end;
}

static void render_event(struct renderer *r, struct thread_state *t,
			 const struct raw_step *at)
{
	const struct event_plan *plan =
		words_event(r->words, at->tracepoint->event);
	struct waiting_event w = {
		.tracepoint = at->tracepoint,
		.span = { .start = at->ts, .cpu = at->cpu },
	};
	struct open_frame *f = top_frame(t);

	buf_clear(&r->text);
	words_event_fields(r->words, t->words, &r->text, plan, at->data,
			   at->size);
	f->child_end = at->ts;
	if (!r->from->sites) {
		render_event_line(r, t, w.tracepoint, text_of(r), &w.span);
		return;
	}
	w.args = xstrdup(text_of(r));
	arrput(f->waiting, w);
}

/* --- system calls --------------------------------------------------- */

/* Finds the program's line that makes the next system call; the caller frees
 * it.  NULL: unknown. */
static char *program_place(struct renderer *r, const struct thread_state *t)
{
	const struct render_from *from = r->from;

	if (!from->lines || !steps_have_user(from->steps))
		return NULL;
	return program_lines_find(from->lines, t->user, from->source,
				  from->sources);
}

/* Gives a new thread or process its parent's descriptors, or a copy. */
static void give_birth(struct renderer *r, struct thread_state *t)
{
	const struct birth *b;

	t->child = -1;
	if (t->births == arrlenu(t->outline->birth) ||
	    t->outline->birth[t->births].at != t->step)
		return;
	b = &t->outline->birth[t->births++];
	t->child = steps_thread(r->from->steps, b->pid);
	if (t->child < 0)
		return;
	r->thread[t->child].fds = t->fds;
	if (b->copies) {
		r->thread[t->child].fds = fds_copy(t->fds);
		arrput(r->copies, r->thread[t->child].fds);
	}
}

/* Does a system call begin that we keep although nothing is inside? */
static bool is_bare(struct thread_state *t)
{
	if (t->bares == arrlenu(t->outline->bare) ||
	    t->outline->bare[t->bares] != t->step)
		return false;
	t->bares++;
	return true;
}

static void render_syscall(struct renderer *r, struct thread_state *t,
			   const struct raw_step *at)
{
	struct record_span span = { .start = at->ts, .cpu = at->cpu };
	struct open_frame *f;
	char *place;

	words_enter(t->words, t->stack);
	f = enter_frame(t, at->ts);
	f->dropped = is_bare(t) && !syscall_concerns_kvm(t->fds, &t->sys);
	if (f->dropped)
		return;
	leave_levels(r, t, &t->frame[0]);
	place = program_place(r, t);
	buf_clear(&r->text);
	syscall_print(&r->text, t->fds, words_objects(r->words), &t->sys);
	line_begins(t, NODE_SYSCALL, syscall_text(&t->sys), text_of(r), place);
	f->record = add_record(r, t, &span);
	free(place);
}

static void render_syscall_end(struct renderer *r, struct thread_state *t,
			       const struct raw_step *at, bool returned)
{
	struct open_frame *f = top_frame(t);
	uint64_t end = returned ? at->ts : f->child_end;

	leave_levels(r, t, f);
	t->depth--;
	buf_clear(&r->text);
	if (returned) {
		t->sys.result = at->result;
		syscall_learn(t->fds, words_objects(r->words), &t->sys,
			      t->opened_kvm, t->made);
		words_leave(t->words);
	}
	if (f->dropped)
		return;
	if (returned) {
		buf_puts(&r->text, " = ");
		if (t->child >= 0) {
			buf_puts(&r->text, "thread ");
			buf_unsigned(&r->text, t->child);
		} else {
			syscall_print_result(&r->text, t->fds,
					     words_objects(r->words), &t->sys);
		}
	}
	line_ends(t, returned, text_of(r));
	end_record(r, t, f->record, end - f->start);
}

/* --- what a thread does --------------------------------------------- */

/* Ends all frames but KEEP; they never returned. */
static void abandon_frames(struct renderer *r, struct thread_state *t,
			   size_t keep)
{
	while (t->depth > keep)
		if (top_frame(t)->callee)
			render_return(r, t, NULL, false);
		else
			render_syscall_end(r, t, NULL, false);
}

/* Takes over what we know about the next system call, which begins now. */
static void take_syscall(struct renderer *r, struct thread_state *t,
			 const struct raw_step *at)
{
	/* Ends whatever the thread was in. */
	abandon_frames(r, t, 1);
	t->sys = (struct syscall){ .number = at->number };
	step_arguments(r->from->steps, at, t->sys.arg);
	if (t->has_passed) {
		t->passed = t->next_passed;
		t->sys.passed = &t->passed;
	}
	t->has_passed = false;
	t->opened_kvm = false;
	t->made = -1;
	give_birth(r, t);
}

static void return_to(struct renderer *r, struct thread_state *t,
		      const struct raw_step *at)
{
	size_t ends = t->depth - 1;

	while (ends && !(t->frame[ends].callee &&
			 step_returns_from(r->from->steps, at,
					   t->frame[ends].callee)))
		ends--;
	if (!ends)
		return;	/* it was called before the recording began */
	abandon_frames(r, t, ends + 1);
	render_return(r, t, at, true);
}

static void render_kept(struct renderer *r, struct thread_state *t,
			const struct raw_step *at, uint64_t caller)
{
	switch (at->kind) {
	case STEP_CALL:
		render_call(r, t, at, caller);
		break;
	case STEP_RETURN:
		return_to(r, t, at);
		break;
	case STEP_SYSCALL:
		render_syscall(r, t, at);
		break;
	case STEP_SYSCALL_RETURN:
		if (t->depth < 2 || t->frame[1].callee)
			break;
		abandon_frames(r, t, 2);
		render_syscall_end(r, t, at, true);
		break;
	case STEP_TRACEPOINT:
		if (t->depth > 1)
			render_event(r, t, at);
		break;
	case STEP_OTHER:
	case STEP_USER:
	case STEP_PASSED:
		break;
	}
}

static bool is_cut(struct thread_state *t)
{
	const struct step_range *cut = t->outline->cut;

	while (t->cuts < arrlenu(cut) && cut[t->cuts].to < t->step)
		t->cuts++;
	return t->cuts < arrlenu(cut) && cut[t->cuts].from <= t->step;
}

static void render_step(struct renderer *r, const struct raw_step *at)
{
	struct thread_state *t = &r->thread[at->thread];
	uint64_t caller = 0;

	if (at->kind == STEP_CALL && r->from->callers)
		caller = callers_next(r->from->callers,
				      steps_pid(r->from->steps, at->thread),
				      at->address);
	if (at->kind == STEP_USER) {
		step_user(r->from->steps, at, t->user);
		t->stack = step_stack(r->from->steps, at);
	}
	if (at->kind == STEP_PASSED) {
		step_passed(r->from->steps, at, &t->next_passed);
		t->has_passed = true;
	}
	if (at->kind == STEP_SYSCALL)
		take_syscall(r, t, at);
	if (!is_cut(t))
		render_kept(r, t, at, caller);
	if (at->kind == STEP_SYSCALL)
		memset(t->user, 0, sizeof(t->user));
	t->step++;
	if (!r->lines.size)
		return;
	spool_add(&r->made->thread[at->thread].text, r->lines.text,
		  r->lines.size);
	buf_clear(&r->lines);
}

/* --- the recording -------------------------------------------------- */

static void start_threads(struct renderer *r)
{
	unsigned int threads = steps_threads(r->from->steps);

	for (unsigned int i = 0; i < threads; i++) {
		struct thread_state t = {
			.number = i, .outline = &r->from->outline->thread[i],
			.fds = r->from->fds, .child = -1, .made = -1,
			.writer = { .rows.out = &r->lines },
		};
		struct rendered_thread made = {
			.text = { .all = r->made->spools },
			.times = { .all = r->made->spools },
		};

		t.words = words_thread_new(r->words);
		enter_frame(&t, 0);
		arrput(r->thread, t);
		arrput(r->made->thread, made);
	}
}

/* Ends a thread, because the recording is over. */
static void finish_thread(struct renderer *r, struct thread_state *t)
{
	abandon_frames(r, t, 1);
	leave_levels(r, t, &t->frame[0]);
	if (r->lines.size)
		spool_add(&r->made->thread[t->number].text, r->lines.text,
			  r->lines.size);
	buf_clear(&r->lines);
	for (size_t i = 0; i < arrlenu(t->frame); i++) {
		arrfree(t->frame[i].level);
		arrfree(t->frame[i].waiting);
	}
	arrfree(t->frame);
	call_writer_free(&t->writer);
	words_thread_free(t->words);
}

struct rendering *render(const struct render_from *from)
{
	struct renderer r = { .from = from };
	const struct raw_step *at;

	r.made = xcalloc(1, sizeof(*r.made));
	r.made->spools = spools_new(SPOOL_MEMORY);
	r.words = words_new(from->facts, from->args, from->retval);
	start_threads(&r);
	while ((at = steps_next(from->steps)))
		render_step(&r, at);
	if (from->callers)
		callers_finish(from->callers);
	for (size_t i = 0; i < arrlenu(r.thread); i++)
		finish_thread(&r, &r.thread[i]);
	arrfree(r.thread);
	words_free(r.words);
	for (size_t i = 0; i < arrlenu(r.copies); i++)
		fds_free(r.copies[i]);
	arrfree(r.copies);
	buf_free(&r.lines);
	buf_free(&r.text);
	return r.made;
}

void rendering_free(struct rendering *r)
{
	for (size_t i = 0; i < arrlenu(r->thread); i++) {
		spool_free(&r->thread[i].text);
		spool_free(&r->thread[i].times);
	}
	arrfree(r->thread);
	spools_free(r->spools);
	free(r);
}
