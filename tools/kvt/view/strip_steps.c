// SPDX-License-Identifier: MIT
/* A capture as stretches of the program, KVM and the guest. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/walk.h"
#include "view/identity.h"
#include "view/moments.h"
#include "view/reason.h"
#include "view/strip_steps.h"

const char *const strip_lane_words[STRIP_LANES] = {
	"program", "KVM", "guest"
};

/* Where a thread is. */
struct strip_thread {
	long inside;		/* calls that were entered and not left */
	const struct node *exit;	/* kvm_userspace_exit of this call */
	const struct node *exit_row;
};

struct stepping {
	struct strip *strip;
	const struct strip_view *v;
	struct strip_thread *threads;	/* as many as the capture has */
	const struct thread *thread;	/* that acts now */
	unsigned long turn;
	bool all;		/* of the program, not some of its calls */
	const struct node *top;	/* the outermost call that is walked */
	const struct node **shown;	/* by level: stb_ds */
};

/* --- steps ----------------------------------------------------------- */

/* A round begins with a call of the program, and with the guest. */
static bool begins_round(const struct stepping *s, enum strip_lane lane,
			 bool ends)
{
	const struct strip *strip = s->strip;

	if (!arrlen(strip->step) || arrlast(strip->step).thread != s->thread ||
	    arrlast(strip->round).turn != s->turn)
		return true;
	return lane == STRIP_GUEST || (lane == STRIP_PROGRAM && !ends);
}

static bool is_turn_shown(const struct stepping *s)
{
	return !s->v->turns ||
	       (s->turn >= s->v->first && s->turn <= s->v->last);
}

/* Takes LABEL. */
static void put_step(struct stepping *s, struct strip_step step, char *label)
{
	struct strip *strip = s->strip;

	if (!is_turn_shown(s)) {
		free(label);
		return;
	}
	if (begins_round(s, step.lane, step.ends))
		arrput(strip->round, ((struct strip_round){
			.first = arrlenu(strip->step), .times = 1, .group = 1,
			.turn = s->turn }));
	arrlast(strip->round).count++;
	step.label = label;
	step.thread = s->thread;
	strip->entries += step.lane == STRIP_GUEST;
	arrput(strip->step, step);
}

static struct strip_thread *state_of_thread(const struct stepping *s)
{
	return &s->threads[s->thread - s->strip->c->thread];
}

/* The program calls, and KVM begins. */
static void add_call_steps(struct stepping *s, const struct node *n,
			   const struct node *row)
{
	size_t length;
	const char *name = identity_name(n, &length);

	put_step(s, (struct strip_step){ .lane = STRIP_PROGRAM, .kind = "",
					 .began = n, .row = row },
		 xasprintf("%.*s", (int)length, name));
	put_step(s, (struct strip_step){ .lane = STRIP_KVM, .kind = "",
					 .began = n, .row = row },
		 xstrdup(""));
}

/* Where the guest goes on is said of some calls, not of a whole program. */
static void add_guest(struct stepping *s, const struct node *n,
		      const struct node *row)
{
	size_t length = 0;
	const char *pc = argument_of(n, "vcpu_pc", &length);

	put_step(s, (struct strip_step){ .lane = STRIP_GUEST, .kind = "",
					 .began = n, .row = row },
		 s->all || !pc ? xstrdup("runs")
			       : xasprintf("%.*s", (int)length, pc));
}

static void add_exit(struct stepping *s, const struct node *n,
		     const struct node *row)
{
	char *label = exit_label(n);

	put_step(s, (struct strip_step){ .lane = STRIP_KVM, .began = n,
					 .kind = reason_kind(label),
					 .row = row }, label);
}

/* Did nobody else do anything since this thread's last step? */
static bool is_last_step(const struct stepping *s)
{
	const struct strip *strip = s->strip;

	return arrlen(strip->step) && arrlast(strip->step).thread == s->thread;
}

/* The program gets control back: with an error, for a reason, or with a result.
 * In a whole program the next call says that it went on. */
static void add_return(struct stepping *s, const struct node *n,
		       const struct node *row)
{
	const struct node *exit = state_of_thread(s)->exit;
	struct strip_step step = { .lane = STRIP_PROGRAM, .kind = "",
				   .began = n, .row = row, .ends = true };
	bool failed = n->result && n->result[0] == '-';
	char *label;

	if (n->open)
		return;
	if (!failed && !exit && s->all && is_last_step(s)) {
		arrlast(s->strip->step).returned = true;
		return;
	}
	if (failed) {
		label = xstrdup(n->result);
		step.kind = "failed";
	} else if (exit) {
		label = return_label(exit);
		step.kind = reason_kind(label);
		step.began = exit;
		step.row = state_of_thread(s)->exit_row;
	} else {
		label = s->all ? xstrdup("")
			       : xasprintf("= %s", n->result ?: "");
	}
	put_step(s, step, label);
}

static void step_into(struct stepping *s, const struct node *n,
		      const struct node *row)
{
	struct strip_thread *t = state_of_thread(s);

	if (n->kind != NODE_EVENT) {
		if (!t->inside++)
			add_call_steps(s, n, row);
	} else if (!strcmp(n->name, "kvm_entry")) {
		add_guest(s, n, row);
	} else if (!strcmp(n->name, "kvm_exit")) {
		add_exit(s, n, row);
	} else if (!strcmp(n->name, "kvm_userspace_exit")) {
		t->exit = n;
		t->exit_row = row;
	}
}

static void step_out_of(struct stepping *s, const struct node *n)
{
	struct strip_thread *t = state_of_thread(s);

	if (n->kind == NODE_EVENT || --t->inside)
		return;
	add_return(s, n, n);
	t->exit = NULL;
}

/* --- thread by thread ------------------------------------------------ */

static void strip_thread(void *data, const struct thread *t)
{
	struct stepping *s = data;

	s->thread = t;
}

static void strip_group(void *data, const struct node *first, long depth)
{
	(void)data;
	(void)first;
	(void)depth;
}

static void strip_group_end(void *data, long depth)
{
	(void)data;
	(void)depth;
}

static void strip_enter(void *data, const struct node *n, long depth,
			long level, unsigned int times, unsigned long below)
{
	struct stepping *s = data;
	long deepest = s->v->view.depth;

	(void)times;
	(void)below;
	if (!depth)
		s->top = n;
	if (is_level(n))
		return;
	arrsetlen(s->shown, level + 1);
	s->shown[level] = n;
	step_into(s, n, deepest && level > deepest ? s->shown[deepest] : n);
}

static void strip_leave(void *data, const struct node *n, long depth)
{
	(void)depth;
	if (!is_level(n))
		step_out_of(data, n);
}

static const struct tree_ops strip_ops = {
	strip_thread, strip_group, strip_group_end, strip_enter, strip_leave,
};

/* All calls of what is asked for, however often they repeat. */
static void step_through(struct stepping *s, const struct capture *c)
{
	struct view whole = s->v->view;

	whole.unfold = true;
	whole.depth = 0;
	s->thread = c->thread;
	tree_walk(c, &whole, &strip_ops, s);
}

/* --- in turns -------------------------------------------------------- */

static void step_in_turns(struct stepping *s, const struct capture *c)
{
	struct call_moment *order = moments_by_turns(c, s->v->turns);

	for (size_t i = 0; i < arrlenu(order); i++) {
		s->thread = order[i].thread;
		s->turn = order[i].turn;
		if (order[i].ends)
			step_out_of(s, order[i].call);
		else
			step_into(s, order[i].call, order[i].call);
	}
	arrfree(order);
}

/* --- rounds that repeat ---------------------------------------------- */

/* Where the guest goes on does not count. */
static char *round_key(const struct strip *s, const struct strip_round *r)
{
	char *key = xstrdup("");

	for (size_t i = r->first; i < r->first + r->count; i++) {
		const struct strip_step *step = &s->step[i];
		char *more = xasprintf("%s%s %d%d%d%s ", key,
				       step->thread->name, step->lane,
				       step->ends, step->returned,
				       step->lane == STRIP_GUEST ? ""
							: step->label);

		free(key);
		key = more;
	}
	return key;
}

/* A guest that goes on somewhere else each time simply runs. */
static void forget_pc(struct strip *s, const struct strip_round *kept,
		      const struct strip_round *left)
{
	for (size_t i = 0; i < kept->count; i++) {
		struct strip_step *step = &s->step[kept->first + i];

		if (!strcmp(step->label, s->step[left->first + i].label))
			continue;
		free(step->label);
		step->label = xstrdup("runs");
	}
}

/* Keeps the first rounds of what repeats, as folding found it. */
static void keep_first_rounds(struct strip *s, const struct node *rounds)
{
	struct strip_round *kept = NULL;
	size_t group = 0;	/* where it begins among those that are kept */

	for (unsigned int i = 0; i < rounds->children; i++) {
		const struct node *n = rounds->child[i];

		if (n->leader)
			group = arrlenu(kept);
		if (n->hidden) {
			forget_pc(s, &s->round[i - n->group], &s->round[i]);
			continue;
		}
		arrput(kept, s->round[i]);
		arrlast(kept).times = n->times;
		arrlast(kept).group = n->group;
		arrlast(kept).place = arrlenu(kept) - 1 - group;
	}
	arrfree(s->round);
	s->round = kept;
}

static void fold_strip(struct strip *s)
{
	struct node rounds = { .children = 0 };

	for (size_t i = 0; i < arrlenu(s->round); i++) {
		char *key = round_key(s, &s->round[i]);

		node_add(&rounds, NODE_CALL, key);
		free(key);
	}
	tree_fold(&rounds);
	keep_first_rounds(s, &rounds);
	for (unsigned int i = 0; i < rounds.children; i++)
		node_free(rounds.child[i]);
	arrfree(rounds.child);
}

/* Only of what is kept: the way to the first of many rounds is long. */
static void find_rows(struct stepping *s)
{
	struct strip *strip = s->strip;

	for (size_t r = 0; r < arrlenu(strip->round); r++)
		for (size_t i = 0; i < strip->round[r].count; i++) {
			size_t at = strip->round[r].first + i;

			strip->step[at].row =
				tree_shown_in(strip->step[at].row,
					  s->v->view.nth ? s->top : NULL);
		}
}

struct strip strip_of(struct capture *c, const struct strip_view *v)
{
	struct strip strip = { .c = c };
	struct stepping s = {
		.strip = &strip, .v = v,
		.threads = xcalloc(c->threads + 1, sizeof(*s.threads)),
		.all = tree_shows_all(&v->view),
	};

	view_prepare(c, &v->view);
	if (v->turns)
		step_in_turns(&s, c);
	else
		step_through(&s, c);
	fold_strip(&strip);
	find_rows(&s);
	free(s.threads);
	arrfree(s.shown);
	return strip;
}

void strip_free(struct strip *s)
{
	for (size_t i = 0; i < arrlenu(s->step); i++)
		free(s->step[i].label);
	arrfree(s->step);
	arrfree(s->round);
}
