// SPDX-License-Identifier: MIT
/*
 * Turns a raw recording into a capture.
 *
 * Each thread's events are made into trees, one a system call.  When the
 * system call returns, what says nothing about the program is folded away
 * (scheduling, interrupt rounds of KVM_RUN).  At the end, what is left of
 * all threads is put into words in order of time, so that numbers of
 * objects and kinds of descriptors are those of that moment; then each
 * thread is written.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <event-parse.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/tsv.h"
#include "capture/capture.h"
#include "commands.h"
#include "import/import.h"
#include "import/program_lines.h"
#include "import/raw.h"
#include "import/sites.h"
#include "import/syscalls.h"
#include "import/values.h"
#include "import/words.h"
#include "kernel/btf.h"
#include "kernel/facts.h"
#include "kernel/symbols.h"

enum {
	MAX_ARGS = 8,
	MAX_DEPTH = 1000,	/* as the reader of captures */
};

/* One event of a thread and what happened inside of it. */
struct item {
	enum node_kind kind;
	struct recorded_thread *thread;
	const char *name;	/* of the function or tracepoint */
	const struct function *function;	/* of a call */
	uint64_t start, end;	/* ns */
	int cpu;
	bool returned;
	bool dropped;		/* it says nothing of KVM after all */
	uint64_t word[MAX_ARGS];	/* of a call */
	int words;
	uint64_t result;
	struct syscall sys;
	uint64_t user[USER_ADDRESSES];	/* return addresses in the program */
	char *place;		/* where it was called, or NULL */
	uint64_t caller;	/* of a call: its return address, or 0 */
	const struct tep_event *event;	/* of a tracepoint, and its data */
	struct raw_event record;
	char *args_text, *result_text;	/* made in order of time */
	struct item *parent, **child;
	int children, room, depth;
};

/* A call as the function tracer has it. */
struct tail {
	uint64_t function, caller;
};

/* Those of a thread, in order. */
struct calls {
	int pid;
	struct tail *call;
	size_t count, room, used;
};

struct recorded_thread {
	int pid;
	struct fds *fds;	/* its process's descriptors */
	struct words_thread *words;
	uint64_t stack;		/* the top of its kernel stack, or 0 */
	uint64_t user[USER_ADDRESSES];	/* of the next system call */
	struct passed *passed;	/* by the next ioctl; or NULL */
	struct item *top;	/* the tree that is growing, or NULL */
	struct item *now;	/* where in it we are */
	struct item **done;	/* the trees that are whole and kept */
	size_t dones, room;
	bool known;		/* it has entered or left a system call */
	bool partial;		/* before that, KVM was at work */
};

struct importer {
	const struct import *im;
	struct facts *facts;
	struct words *words;
	struct fds fds;
	struct recorded_thread **thread;
	int threads;
	FILE *times;
	unsigned long records;
	unsigned long folded_rounds, folded_schedules, folded_copies;
	unsigned long begun;	/* system calls that had begun before it */
	bool args, retval;
	bool attached;		/* the program ran already */
	const struct tep_event *entry, *exit, *sys_enter, *sys_exit;
	const struct tep_event *user, *data;	/* or NULL */
	bool has_calls;
	struct calls *calls;		/* of each thread */
	int called;			/* threads that have them */
	struct sites *sites;
};

/* --- growing a thread's tree ---------------------------------------- */

static struct item *item_new(struct recorded_thread *t, enum node_kind kind,
			     const char *name, const struct raw_event *e)
{
	struct item *i = xcalloc(1, sizeof(*i)), *p = t->now;

	i->kind = kind;
	i->thread = t;
	i->name = name;
	i->start = i->end = e->ts;
	i->cpu = e->cpu;
	i->parent = p;
	i->depth = p ? p->depth + 1 : 1;
	if (i->depth > MAX_DEPTH)
		die(KVT_BAD_CAPTURE, "the recording has calls nested deeper"
		    " than %d", MAX_DEPTH);
	if (p) {
		if (p->children == p->room) {
			p->room = p->room * 2 + 4;
			p->child = xrealloc(p->child,
					    p->room * sizeof(*p->child));
		}
		p->child[p->children++] = i;
	}
	return i;
}

static void item_free(struct item *i)
{
	for (int n = 0; n < i->children; n++)
		item_free(i->child[n]);
	free(i->child);
	free(i->record.data);
	free(i->sys.passed);
	free(i->place);
	free(i->args_text);
	free(i->result_text);
	free(i);
}

static struct recorded_thread *thread_of(struct importer *im, int pid)
{
	struct recorded_thread *t;

	for (int i = 0; i < im->threads; i++)
		if (im->thread[i]->pid == pid)
			return im->thread[i];
	t = xcalloc(1, sizeof(*t));
	t->pid = pid;
	t->fds = &im->fds;
	t->words = words_thread_new(im->words);
	im->thread = xrealloc(im->thread,
			      (im->threads + 1) * sizeof(*im->thread));
	im->thread[im->threads++] = t;
	return t;
}

/* A field of an event's record, as a number. */
static uint64_t field(const struct tep_event *event, const char *name,
		      const struct raw_event *e)
{
	struct tep_format_field *f =
		tep_find_any_field((struct tep_event *)event, name);
	unsigned long long value;

	if (!f || tep_read_number_field(f, e->data, &value))
		die(KVT_FAILED, "the event %s has no field %s", event->name,
		    name);
	return value;
}

/* --- folding -------------------------------------------------------- */

static bool is_call(const struct item *i, const char *name)
{
	return i->kind == NODE_CALL && !strcmp(i->name, name);
}

static bool is_exit(const struct item *i)
{
	return i->kind == NODE_EVENT && !strcmp(i->name, "kvm_exit");
}

static bool is_irq_exit(const struct item *i)
{
	/* 0 is ARM_EXCEPTION_IRQ: the host took an interrupt. */
	return is_exit(i) && field(i->event, "ret", &i->record) == 0;
}

/* Removes children [from, to). */
static void cut(struct item *i, int from, int to)
{
	for (int n = from; n < to; n++)
		item_free(i->child[n]);
	memmove(i->child + from, i->child + to,
		(i->children - to) * sizeof(*i->child));
	i->children -= to - from;
}

/*
 * A host interrupt sends the vCPU once around the run loop: everything
 * from the exit for the interrupt to the next exit goes, and what stays
 * reads as if the interrupt had not happened.
 */
static void fold_rounds(struct importer *im, struct item *i)
{
	for (int n = 0; n < i->children; n++) {
		int next = n + 1;

		if (!is_irq_exit(i->child[n]))
			continue;
		while (next < i->children && !is_exit(i->child[next]))
			next++;
		if (next == i->children)
			break;	/* the run ended with this interrupt */
		cut(i, n, next);
		im->folded_rounds++;
		n--;
	}
}

/*
 * What comes up at the last look before the guest, as the scheduler's wish
 * to run another thread, sends the vCPU back to the head of the loop: from
 * one kvm_nested_flush_hwstate to the next, without an entry between them.
 */
static void fold_turned_back(struct importer *im, struct item *i)
{
	int head = -1;

	for (int n = 0; n < i->children; n++) {
		if (i->child[n]->kind == NODE_EVENT &&
		    !strcmp(i->child[n]->name, "kvm_entry"))
			head = -1;
		if (!is_call(i->child[n], "kvm_nested_flush_hwstate"))
			continue;
		if (head >= 0) {
			cut(i, head, n);
			im->folded_rounds++;
			n = head;
		}
		head = n;
	}
}

/*
 * Where the next thread on the CPU is not recorded, the function tracer
 * stops looking before kvm_sched_out() is called, and the tracepoints do
 * so later.  What these have of it is told by the events of the timer that
 * no function of the timer is around.
 */
static bool is_left_by_sched_out(const struct item *of, const struct item *i)
{
	return i->kind == NODE_EVENT && of->kind == NODE_CALL &&
	       (!strcmp(i->name, "kvm_get_timer_map") ||
		!strcmp(i->name, "kvm_timer_save_state")) &&
	       !strstr(of->name, "timer");
}

static void fold(struct importer *im, struct item *i)
{
	for (int n = 0; n < i->children; n++)
		if (is_left_by_sched_out(i, i->child[n])) {
			cut(i, n, n + 1);
			n--;
		} else if (is_call(i->child[n], "kvm_sched_in") ||
			   is_call(i->child[n], "kvm_sched_out")) {
			cut(i, n, n + 1);
			im->folded_schedules++;
			n--;
		} else {
			fold(im, i->child[n]);
		}
	fold_rounds(im, i);
	fold_turned_back(im, i);
}

/* --- words ---------------------------------------------------------- */

static bool has_call(const struct item *i, const char *name)
{
	for (int n = 0; n < i->children; n++)
		if (is_call(i->child[n], name) || has_call(i->child[n], name))
			return true;
	return false;
}

/* The number of the thread or process that a system call made, or -1. */
static int new_thread(const struct importer *im, const struct item *i)
{
	const char *name = i->kind == NODE_SYSCALL ? syscall_text(&i->sys)
						   : "";

	if (strcmp(name, "clone") && strcmp(name, "clone3"))
		return -1;
	for (int n = 0; n < im->threads; n++)
		if (im->thread[n]->pid == i->sys.result)
			return n;
	return -1;
}

/* A new process has its parent's descriptors, but closes its own.  Of
 * clone3 the flags are out of sight; glibc uses it for threads. */
static void give_descriptors(struct importer *im, const struct item *i)
{
	const uint64_t clone_files = 0x400;
	int n = new_thread(im, i);

	if (n < 0)
		return;
	im->thread[n]->fds = i->thread->fds;
	if (!strcmp(syscall_text(&i->sys), "clone") &&
	    !(i->sys.arg[0] & clone_files))
		im->thread[n]->fds = fds_copy(i->thread->fds);
}

/* The item begins: its arguments. */
static void word_args(struct importer *im, struct item *i)
{
	struct buf out = { 0 };

	give_descriptors(im, i);
	if (i->kind == NODE_SYSCALL)
		words_enter(i->thread->words, i->thread->stack);
	if (i->kind == NODE_SYSCALL && !i->children)
		i->dropped = !syscall_concerns_kvm(i->thread->fds, &i->sys);
	if (i->dropped)
		;	/* and numbers nothing */
	else if (i->kind == NODE_SYSCALL)
		syscall_print(&out, i->thread->fds, words_objects(im->words),
			      &i->sys);
	else if (i->kind == NODE_EVENT)
		words_event_fields(im->words, i->thread->words, &out,
				   words_event(im->words, i->event),
				   i->record.data, i->record.size);
	else
		words_args(im->words, i->thread->words, &out,
			   words_function(im->words, i->function), i->word,
			   i->words);
	i->args_text = buf_take(&out);
}

/* The descriptor that a call made, on the way to its own result; or -1. */
static int64_t made_by(const struct importer *im, const struct item *i)
{
	for (int n = 0; n < i->children; n++) {
		const struct item *c = i->child[n];
		int64_t below;

		if (is_call(c, "anon_inode_getfd"))
			return im->retval && c->returned ?
			       (int32_t)c->result : -1;
		below = made_by(im, c);
		if (below >= 0)
			return below;
	}
	return -1;
}

/* The item ends: its result. */
static void word_result(struct importer *im, struct item *i)
{
	struct buf out = { 0 };

	if (!i->returned) {
		buf_puts(&out, " never returned");
	} else if (i->kind == NODE_SYSCALL) {
		words_leave(i->thread->words);
		syscall_learn(i->thread->fds, words_objects(im->words), &i->sys,
			      has_call(i, "kvm_no_compat_open") ||
			      has_call(i, "misc_open"), made_by(im, i));
		if (new_thread(im, i) >= 0) {
			buf_printf(&out, " = thread %d", new_thread(im, i));
		} else if (!i->dropped) {
			buf_puts(&out, " = ");
			syscall_print_result(&out, i->thread->fds,
					     words_objects(im->words), &i->sys);
		}
	} else if (i->kind == NODE_CALL) {
		const struct call_plan *plan =
			words_function(im->words, i->function);

		words_result(im->words, i->thread->words, &out, plan,
			     i->result);
		words_returned(im->words, i->thread->words, plan, i->word,
			       i->words, i->result);
	}
	i->result_text = buf_take(&out);
}

/* A moment of an item: its begin or its end. */
struct moment {
	uint64_t ts;
	uint64_t order;		/* among moments of the same time */
	struct item *item;
	bool end;
};

struct moments {
	struct moment *m;
	size_t count, room;
};

static void add_moment(struct moments *all, struct item *i, bool end)
{
	if (all->count == all->room)
		all->m = xrealloc(all->m, (all->room = all->room * 2 + 4096) *
					  sizeof(*all->m));
	all->m[all->count] = (struct moment){
		end ? i->end : i->start, all->count, i, end
	};
	all->count++;
}

static void add_moments(struct moments *all, struct item *i)
{
	add_moment(all, i, false);
	for (int n = 0; n < i->children; n++)
		add_moments(all, i->child[n]);
	/* What never returned ends when its last child does. */
	if (!i->returned && i->children &&
	    i->child[i->children - 1]->end > i->end)
		i->end = i->child[i->children - 1]->end;
	add_moment(all, i, true);
}

static int by_time(const void *a, const void *b)
{
	const struct moment *m = a, *n = b;

	if (m->ts != n->ts)
		return m->ts < n->ts ? -1 : 1;
	return m->order < n->order ? -1 : 1;
}

static void put_into_words(struct importer *im)
{
	struct moments all = { NULL, 0, 0 };

	for (int t = 0; t < im->threads; t++)
		for (size_t i = 0; i < im->thread[t]->dones; i++)
			add_moments(&all, im->thread[t]->done[i]);
	if (all.count)
		qsort(all.m, all.count, sizeof(*all.m), by_time);
	for (size_t i = 0; i < all.count; i++)
		if (all.m[i].end)
			word_result(im, all.m[i].item);
		else
			word_args(im, all.m[i].item);
	free(all.m);
}

/* --- lines of the program ------------------------------------------- */

/* The return addresses of all system calls that are kept, each once. */
struct addresses {
	uint64_t *a;
	size_t count, room;
};

static void add_address(struct addresses *all, uint64_t address)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->a[i] == address)
			return;
	if (all->count == all->room)
		all->a = xrealloc(all->a, (all->room = all->room * 2 + 64) *
					  sizeof(*all->a));
	all->a[all->count++] = address;
}

static void find_places(struct importer *im)
{
	struct addresses all = { NULL, 0, 0 };
	struct lines *lines;

	if (!im->im->program || !im->user || !im->im->sources)
		return;
	for (int t = 0; t < im->threads; t++)
		for (size_t i = 0; i < im->thread[t]->dones; i++)
			for (int n = 0; n < USER_ADDRESSES; n++)
				add_address(&all,
					    im->thread[t]->done[i]->user[n]);
	lines = lines_load(im->im->program, all.a, all.count);
	for (int t = 0; t < im->threads; t++)
		for (size_t i = 0; i < im->thread[t]->dones; i++) {
			struct item *top = im->thread[t]->done[i];

			if (top->kind == NODE_SYSCALL)
				top->place = lines_find(lines, top->user,
							im->im->source,
							im->im->sources);
		}
	lines_free(lines);
	free(all.a);
}

/* --- where in the kernel -------------------------------------------- */

static struct calls *calls_of(struct importer *im, int pid)
{
	for (int i = 0; i < im->called; i++)
		if (im->calls[i].pid == pid)
			return &im->calls[i];
	return NULL;
}

static void free_calls(struct importer *im)
{
	for (int i = 0; i < im->called; i++)
		free(im->calls[i].call);
	free(im->calls);
	if (im->sites)
		sites_free(im->sites);
}

/* The caller of the thread's next call, which is one of FUNCTION. */
static uint64_t next_caller(struct importer *im, int pid, uint64_t function)
{
	struct calls *c = calls_of(im, pid);

	if (!im->has_calls)
		return 0;
	if (!c || c->used == c->count || c->call[c->used].function != function)
		die(KVT_BAD_CAPTURE, "the two tracers do not agree: one saw a"
		    " call of %" PRIx64 ", the other did not", function);
	return c->call[c->used++].caller;
}

static void add_callers(struct addresses *all, const struct item *i)
{
	if (i->caller) {
		if (all->count == all->room)
			all->a = xrealloc(all->a,
					  (all->room = all->room * 2 + 4096) *
					  sizeof(*all->a));
		all->a[all->count++] = i->caller;
	}
	for (int n = 0; n < i->children; n++)
		add_callers(all, i->child[n]);
}

static struct item *level_new(struct item *parent, const struct site_level *l)
{
	struct item *i = xcalloc(1, sizeof(*i));

	i->kind = l->kind;
	i->thread = parent->thread;
	i->name = l->name;
	i->place = l->place ? xstrdup(l->place) : NULL;
	i->args_text = xstrdup("");
	i->result_text = xstrdup("");
	return i;
}

static void append(struct item *parent, struct item *i)
{
	if (parent->children == parent->room) {
		parent->room = parent->room * 2 + 4;
		parent->child = xrealloc(parent->child, parent->room *
						sizeof(*parent->child));
	}
	parent->child[parent->children++] = i;
	i->parent = parent;
}

/* The levels that are open while a call's children get theirs. */
struct open_levels {
	struct item *item[MAX_LEVELS + 1];	/* the first is the call */
	int depth;
	uint64_t last;		/* return address of the call before */
};

static bool is_same_level(const struct item *i, const struct site_level *l)
{
	return i->kind == l->kind && !strcmp(i->name, l->name) &&
	       !strcmp(i->place ?: "", l->place ?: "");
}

/*
 * How many of the open levels a call is in, too.  Of a function that was not
 * recorded nothing tells how often it ran: while the calls in it go on
 * forward, once.
 */
static int shared_levels(const struct open_levels *o, const struct site_level *l,
			 int n, uint64_t caller)
{
	int same = 0;

	while (same < n && same < o->depth &&
	       is_same_level(o->item[same + 1], &l[same]) &&
	       (l[same].kind != NODE_UNSEEN || caller > o->last))
		same++;
	return same;
}

/* The first call from child N on, or NULL. */
static const struct item *next_call(struct item **child, int n, int count)
{
	while (n < count && child[n]->kind == NODE_EVENT)
		n++;
	return n < count && child[n]->kind == NODE_CALL ? child[n] : NULL;
}

/* The levels around CALL below I; returns how many. */
static int levels_of(struct importer *im, const struct item *i,
		     const struct item *call,
		     struct site_level level[MAX_LEVELS], const char **place)
{
	char name[256];

	*place = NULL;
	if (!call)
		return 0;
	snprintf(name, sizeof(name), "%s", i->name);
	strip_suffix(name);
	return sites_levels(im->sites, call->caller,
			    i->kind == NODE_CALL ? name : NULL, level, place);
}

/* Puts what the source has between I and its children between them.  A
 * tracepoint is in the levels that the calls around it share. */
static void insert_levels(struct importer *im, struct item *i)
{
	struct item **child = i->child;
	struct open_levels o = { .item = { i } };
	int count = i->children;

	i->child = NULL;
	i->children = i->room = 0;
	for (int n = 0; n < count; n++) {
		const struct item *call = next_call(child, n, count);
		struct site_level level[MAX_LEVELS];
		const char *place;
		int levels = levels_of(im, i, call, level, &place);

		o.depth = shared_levels(&o, level, levels,
					call ? call->caller : 0);
		for (; call == child[n] && o.depth < levels; o.depth++) {
			o.item[o.depth + 1] = level_new(i, &level[o.depth]);
			append(o.item[o.depth], o.item[o.depth + 1]);
		}
		append(o.item[o.depth], child[n]);
		insert_levels(im, child[n]);
		if (call == child[n]) {
			o.last = call->caller;
			child[n]->place = place ? xstrdup(place) : NULL;
		}
	}
	free(child);
}

/* Asks for all places in the kernel, and puts them into the trees. */
static void find_sites(struct importer *im)
{
	struct addresses all = { NULL, 0, 0 };
	char *table = NULL;

	if (!im->has_calls)
		return;
	for (int t = 0; t < im->threads; t++)
		for (size_t i = 0; i < im->thread[t]->dones; i++)
			add_callers(&all, im->thread[t]->done[i]);
	if (im->im->keep_sites)
		table = xasprintf("%s/sites.tsv", im->im->facts);
	im->sites = sites_load(im->im->vmlinux, im->facts, table, all.a,
			       all.count);
	free(all.a);
	free(table);
}

/* --- writing -------------------------------------------------------- */

static void write_time(struct importer *im, const struct item *i)
{
	im->records++;
	if (im->times)
		fprintf(im->times, "%lu\t%" PRIu64 "\t%" PRIu64 "\t%d\n",
			im->records, i->start, i->end - i->start, i->cpu);
}

static void write_item(struct importer *im, FILE *out, const struct item *i,
		       int depth)
{
	static const char sigil[] = {
		[NODE_SYSCALL] = '@', [NODE_EVENT] = '!',
		[NODE_INLINED] = '~', [NODE_UNSEEN] = '?',
	};

	if (depth >= MAX_DEPTH)
		die(KVT_BAD_CAPTURE, "the recording has calls nested deeper"
		    " than %d", MAX_DEPTH);
	if (i->kind != NODE_INLINED && i->kind != NODE_UNSEEN)
		write_time(im, i);
	fprintf(out, "%*s", 2 * depth, "");
	if (i->kind != NODE_CALL)
		fputc(sigil[i->kind], out);
	fprintf(out, "%s(%s)", i->kind == NODE_SYSCALL ?
		syscall_text(&i->sys) : i->name, i->args_text);
	if (i->place)
		fprintf(out, " at %s", i->place);
	if (i->children) {
		fputs(" {\n", out);
		for (int n = 0; n < i->children; n++)
			write_item(im, out, i->child[n], depth + 1);
		fprintf(out, "%*s}", 2 * depth, "");
	}
	fprintf(out, "%s\n", i->result_text);
}

static void keep(struct recorded_thread *t, struct item *top)
{
	if (t->dones == t->room) {
		t->room = t->room * 2 + 256;
		t->done = xrealloc(t->done, t->room * sizeof(*t->done));
	}
	t->done[t->dones++] = top;
}

/*
 * Who stores to a page that a parent and its child share gets a copy of it,
 * and KVM is told when that is the program with the VM.  It is who stores
 * first, or who comes while the other is there: the scheduler's doing.
 */
static bool is_copy(const struct item *top)
{
	return is_call(top, "kvm_mmu_notifier_invalidate_range_start") ||
	       is_call(top, "kvm_mmu_notifier_invalidate_range_end");
}

/* The thread's tree is whole: keep it, if it says anything of KVM. */
static void finish(struct importer *im, struct recorded_thread *t)
{
	struct item *top = t->top;

	t->top = t->now = NULL;
	if (!top)
		return;
	if (is_copy(top)) {
		im->folded_copies += is_call(top, "kvm_mmu_notifier_invalidate_range_start");
		item_free(top);
		return;
	}
	fold(im, top);
	/* For what a call without children says, its descriptors must be
	 * known: that is judged when everything before it is. */
	if (top->kind != NODE_SYSCALL || top->children ||
	    syscall_may_concern_kvm(&top->sys))
		keep(t, top);
	else
		item_free(top);
}

/* --- events --------------------------------------------------------- */

/* The words of an array at the end of a record. */
static int array_field(const struct tep_event *event, const char *name,
		       const struct raw_event *e, uint64_t *word, int max)
{
	struct tep_format_field *f =
		tep_find_any_field((struct tep_event *)event, name);
	int n;

	if (!f)
		return 0;
	n = f->size ? f->size / 8 : ((int)e->size - f->offset) / 8;
	if (n > max)
		n = max;
	if (n > 0)
		memcpy(word, (char *)e->data + f->offset, n * 8);
	return n > 0 ? n : 0;
}

static void on_entry(struct importer *im, struct recorded_thread *t,
		     const struct raw_event *e)
{
	uint64_t address = field(im->entry, "func", e);
	const struct function *f = facts_function(im->facts, address);
	struct item *i;

	if (!f)
		die(KVT_FAILED, "the recording calls a function at %" PRIx64
		    " that the facts do not have: are they of another"
		    " kernel?", address);
	i = item_new(t, NODE_CALL, f->name, e);
	i->function = f;
	i->caller = next_caller(im, t->pid, address);
	if (im->args)
		i->words = array_field(im->entry, "args", e, i->word,
				       MAX_ARGS);
	if (!t->top)
		t->top = i;
	t->now = i;
}

static void on_exit_of(struct importer *im, struct recorded_thread *t,
		       const struct raw_event *e)
{
	const struct function *f =
		facts_function(im->facts, field(im->exit, "func", e));
	struct item *i = t->now;

	/* An exit without an entry: it was entered before we looked. */
	while (i && !(i->kind == NODE_CALL && f &&
		      !strcmp(i->name, f->name)))
		i = i->parent;
	if (!i) {
		t->partial = true;
		return;
	}
	i->returned = true;
	i->end = e->ts;
	if (im->retval)
		i->result = field(im->exit, "retval", e);
	t->now = i->parent;
	if (!t->now)
		finish(im, t);
}

/*
 * Of a thread that was in a system call when the recording began, what was
 * seen of that call hangs in the air: it goes, and the call is counted.
 * PROOF: it was an ioctl, be there anything to drop or not.
 */
static void drop_begun(struct importer *im, struct recorded_thread *t,
		       bool proof)
{
	if (proof || t->top || t->dones || t->partial)
		im->begun++;
	if (t->top)
		item_free(t->top);
	while (t->dones)
		item_free(t->done[--t->dones]);
	t->top = t->now = NULL;
	t->known = true;
}

static bool is_ioctl(long number)
{
	struct syscall s = { .number = number };

	return !strcmp(syscall_text(&s), "ioctl");
}

static void on_sys_enter(struct importer *im, struct recorded_thread *t,
			 const struct raw_event *e)
{
	struct item *i;

	t->known = true;
	finish(im, t);
	i = item_new(t, NODE_SYSCALL, "", e);
	i->sys.number = field(im->sys_enter, "id", e);
	array_field(im->sys_enter, "args", e, i->sys.arg, 6);
	memcpy(i->user, t->user, sizeof(i->user));
	memset(t->user, 0, sizeof(t->user));
	i->sys.passed = t->passed;
	t->passed = NULL;
	t->top = t->now = i;
}

/* The length of a string in a record; 0: it could not be read. */
static unsigned int string_length(const struct tep_event *event,
				  const char *name, const struct raw_event *e)
{
	enum { LENGTH_SHIFT = 16 };	/* in a __data_loc */

	return (uint32_t)field(event, name, e) >> LENGTH_SHIFT;
}

/* Comes before the entry of the system call that it is about. */
static void on_user(struct importer *im, struct recorded_thread *t,
		    const struct raw_event *e)
{
	static const char *const name[USER_ADDRESSES] = {
		"lr", "ra1", "ra2", "ra3", "ra4"
	}, *const readable[USER_ADDRESSES] = { NULL, "c1", "c2", "c3", "c4" };

	if (tep_find_field((struct tep_event *)im->user, "sp"))
		t->stack = field(im->user, "sp", e);
	for (int i = 0; i < USER_ADDRESSES; i++)
		t->user[i] = !readable[i] ||
			     string_length(im->user, readable[i], e) ?
			     field(im->user, name[i], e) : 0;
}

/* Comes before the entry of the ioctl that it is about. */
static void on_data(struct importer *im, struct recorded_thread *t,
		    const struct raw_event *e)
{
	static const char *const name[] = {
		"w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7"
	};
	struct passed *p = xcalloc(1, sizeof(*p));

	free(t->passed);
	t->passed = p;
	for (int i = 0; i < 8; i++)
		p->word[i] = field(im->data, name[i], e);
	if (!string_length(im->data, "c0", e) ||
	    !string_length(im->data, "c31", e))
		return;
	p->size = string_length(im->data, "c63", e) ? 64 : 32;
}

static void on_sys_exit(struct importer *im, struct recorded_thread *t,
			const struct raw_event *e)
{
	struct item *i = t->top;

	if (im->attached && !t->known) {
		drop_begun(im, t, is_ioctl(field(im->sys_exit, "id", e)));
		return;
	}
	if (!i || i->kind != NODE_SYSCALL)
		return;
	i->returned = true;
	i->end = e->ts;
	i->sys.result = field(im->sys_exit, "ret", e);
	finish(im, t);
}

static void on_tracepoint(struct recorded_thread *t, const struct tep_event *event,
			  const struct raw_event *e)
{
	struct item *i;

	t->partial |= !t->now;
	if (strcmp(event->system, "kvm") || !t->now)
		return;
	i = item_new(t, NODE_EVENT, event->name, e);
	i->event = event;
	i->record = *e;
	i->record.data = xcalloc(1, e->size);
	memcpy(i->record.data, e->data, e->size);
	i->returned = true;
}

/* An event is at least as long as its fields. */
static void check_fields(const struct tep_event *event,
			 const struct raw_event *e)
{
	for (struct tep_format_field *f = event->format.fields; f; f = f->next)
		if ((unsigned int)(f->offset + f->size) > e->size)
			die(KVT_BAD_CAPTURE, "the recording has an event %s"
			    " that is too short", event->name);
}

static void on_event(struct importer *im, const struct raw_event *e)
{
	uint16_t type;
	int32_t pid;
	const struct tep_event *event;
	struct recorded_thread *t;

	if (e->size < 8)
		die(KVT_BAD_CAPTURE, "the recording has an event without a"
		    " head");
	memcpy(&type, e->data, sizeof(type));
	memcpy(&pid, (char *)e->data + 4, sizeof(pid));
	event = tep_find_event(im->facts->tep, type);
	if (!event)
		return;		/* one of the tracer's own */
	check_fields(event, e);
	t = thread_of(im, pid);
	if (event == im->entry)
		on_entry(im, t, e);
	else if (event == im->exit)
		on_exit_of(im, t, e);
	else if (event == im->user)
		on_user(im, t, e);
	else if (event == im->data)
		on_data(im, t, e);
	else if (event == im->sys_enter)
		on_sys_enter(im, t, e);
	else if (event == im->sys_exit)
		on_sys_exit(im, t, e);
	else
		on_tracepoint(t, event, e);
}

/* --- the capture ---------------------------------------------------- */

static const struct tep_event *need_event(struct facts *f, const char *sys,
					  const char *name)
{
	const struct tep_event *e = tep_find_event_by_name(f->tep, sys, name);

	if (!e)
		die(KVT_FAILED, "the facts lack the format of %s/%s", sys,
		    name);
	return e;
}

/* NULL: there is no such line. */
static const char *meta_find(const char *meta, const char *key, char *buf,
			     size_t size)
{
	size_t n = strlen(key);

	for (const char *line = meta; *line; ) {
		size_t length = strcspn(line, "\n");

		if (length >= n && !strncmp(line, key, n) &&
		    (line[n] == ' ' || length == n)) {
			snprintf(buf, size, "%.*s",
				 (int)(length > n ? length - n - 1 : 0),
				 line + n + (length > n));
			return buf;
		}
		line += length + (line[length] == '\n');
	}
	return NULL;
}

const char *meta_get(const char *meta, const char *key, char *buf,
		     size_t size)
{
	if (!meta_find(meta, key, buf, size))
		die(KVT_FAILED, "the recording's meta file has no line '%s'",
		    key);
	return buf;
}

static void write_sources(FILE *out, const struct import *im)
{
	for (int i = 0; i < im->sources; i++) {
		size_t size;
		char *text = read_file(im->source[i], &size), hex[65];
		const char *fault = text_fault(im->source[i]);

		if (fault)
			die(KVT_USAGE, "--source: a capture cannot hold this"
			    " name: %s", fault);

		sha256_hex(text, size, hex);
		fprintf(out, "source %s sha256:%s\n", im->source[i], hex);
		free(text);
	}
}

/* A program may have any name; a capture is text. */
static char *plain(char *name)
{
	if (text_fault(name))
		for (char *p = name; *p; p++)
			if (*p < ' ' || *p > '~')
				*p = '?';
	return name;
}

static void write_header(FILE *out, struct importer *im, const char *meta)
{
	char a[256], b[256];

	fprintf(out, "kvt 1\nkernel %s %s config sha256:%s\n",
		meta_get(meta, "release", a, sizeof(a)),
		meta_get(meta, "machine", b, sizeof(b)), im->facts->config);
	fprintf(out, "mode %s\n", meta_get(meta, "mode", a, sizeof(a)));
	fprintf(out, "cpu %s\n", meta_get(meta, "cpu", a, sizeof(a)));
	meta_get(meta, "program", a, sizeof(a));
	fprintf(out, "program %s\n", plain(a));
	fprintf(out, "status %s\n", meta_get(meta, "status", a, sizeof(a)));
	write_sources(out, im->im);
	fprintf(out, "functions %zu of virt/kvm arch/arm64/kvm",
		im->facts->functions);
	for (int i = 0; boundary_functions[i]; i++)
		fprintf(out, " +%s", boundary_functions[i]);
	meta_get(meta, "features", a, sizeof(a));
	if (!im->sites && strstr(a, " sites"))
		*strstr(a, " sites") = '\0';	/* the last of them */
	fprintf(out, "\nuntraced %zu\nfeatures %s\nlost 0\n",
		im->facts->untraced, a);
	if (meta_find(meta, "stopped", a, sizeof(a)))
		fprintf(out, "stopped %s\n", plain(a));
	if (im->attached)
		fprintf(out, "begun-before %lu\n", im->begun);
}

static void write_thread(struct importer *im, FILE *out, int number)
{
	struct recorded_thread *t = im->thread[number];
	struct item *root = xcalloc(1, sizeof(*root));

	root->kind = NODE_SYSCALL;
	for (size_t i = 0; i < t->dones; i++)
		if (t->done[i]->dropped)
			item_free(t->done[i]);
		else
			append(root, t->done[i]);
	if (im->sites)
		insert_levels(im, root);
	if (root->children)
		fprintf(out, "thread %d\n", number);
	for (int i = 0; i < root->children; i++)
		write_item(im, out, root->child[i], 0);
	item_free(root);
	free(t->done);
	words_thread_free(t->words);
	free(t);
}

static void write_capture(struct importer *im, const char *meta)
{
	char *text = NULL, hex[65];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *path = im->im->out;

	if (!out)
		die(KVT_FAILED, "out of memory");
	write_header(out, im, meta);
	for (int i = 0; i < im->threads; i++)
		write_thread(im, out, i);
	if (fclose(out))
		die(KVT_FAILED, "out of memory");
	sha256_hex(text, size, hex);
	out = path ? open_file(path, "we") : stdout;
	fwrite(text, 1, size, out);
	fprintf(out, "end %lu sha256:%s\n", im->records, hex);
	if (path)
		close_file(out, path);
	free(text);
}

static void refuse_loss(const char *meta, unsigned long long lost)
{
	char text[32];

	meta_get(meta, "lost", text, sizeof(text));
	lost += strtoull(text, NULL, 10);
	if (lost)
		die(KVT_LOST, "the kernel dropped %llu events, so there is"
		    " no capture: record again with a larger --buffer",
		    lost);
}

/* The format of an event that was made for this one recording. */
static const struct tep_event *load_own_event(struct facts *f,
					      const char *dir,
					      const char *event)
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

/* What the descriptors of a process were that ran already. */
static void load_fds(struct importer *im, const char *dir)
{
	char *path = xasprintf("%s/fds", dir), *save = NULL;
	char *text = read_file_if(path, NULL), *line, *field[2], *end;

	line = text ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save))
		if (split_tabs(line, field, 2) != 2 ||
		    !fds_set(&im->fds, strtol(field[0], &end, 10), field[1]) ||
		    *end)
			die(KVT_BAD_CAPTURE, "%s: no descriptor and its kind:"
			    " '%s'", path, line);
	free(text);
	free(path);
}

static void add_call(struct importer *im, const struct tep_event *event,
		     const struct raw_event *e, int pid)
{
	struct calls *c = calls_of(im, pid);

	if (!c) {
		im->calls = xrealloc(im->calls, (im->called + 1) *
						sizeof(*im->calls));
		c = &im->calls[im->called++];
		*c = (struct calls){ .pid = pid };
	}
	if (c->count == c->room)
		c->call = xrealloc(c->call, (c->room = c->room * 2 + 1024) *
					    sizeof(*c->call));
	c->call[c->count++] = (struct tail){
		field(event, "ip", e), field(event, "parent_ip", e)
	};
}

/*
 * Loads what the second instance recorded.  In the context of an interrupt
 * only the function tracer records calls: they are left out.
 */
static unsigned long long load_calls(struct importer *im, const char *dir)
{
	enum { HARDIRQ = 8, NMI = 64 };	/* of common_flags */
	const struct tep_event *event =
		need_event(im->facts, "ftrace", "function");
	struct raw *raw = raw_open(dir, "sites");
	unsigned long long lost;
	struct raw_event *e;

	im->has_calls = true;
	while ((e = raw_next(raw))) {
		int32_t pid;
		uint16_t type;

		if (e->size < 8)
			die(KVT_BAD_CAPTURE, "the recording has an event"
			    " without a head");
		memcpy(&type, e->data, sizeof(type));
		if (type != event->id)
			continue;
		check_fields(event, e);
		memcpy(&pid, (char *)e->data + 4, sizeof(pid));
		if (!(((unsigned char *)e->data)[2] & (HARDIRQ | NMI)))
			add_call(im, event, e, pid);
	}
	lost = raw_lost(raw);
	raw_close(raw);
	return lost;
}

int import_recording(const struct import *how)
{
	struct importer im = { .im = how };
	char *path = xasprintf("%s/meta", how->raw);
	char *meta = read_file(path, NULL), features[64];
	struct raw *raw = raw_open(how->raw, "cpu");
	struct raw_event *e;

	im.facts = facts_load(how->facts);
		im.entry = need_event(im.facts, "ftrace", "funcgraph_entry");
	im.exit = need_event(im.facts, "ftrace", "funcgraph_exit");
	im.sys_enter = need_event(im.facts, "raw_syscalls", "sys_enter");
	im.sys_exit = need_event(im.facts, "raw_syscalls", "sys_exit");
	im.user = load_own_event(im.facts, how->raw, "user");
	im.data = load_own_event(im.facts, how->raw, "data");
	load_fds(&im, how->raw);
	im.attached = meta_find(meta, "attached", features, sizeof(features));
	meta_get(meta, "features", features, sizeof(features));
	im.args = strstr(features, "args");
	im.retval = strstr(features, "retval");
	im.words = words_new(im.facts, im.args, im.retval);
	/* What is missing on one side only is loss, not a difference. */
	if (how->vmlinux && strstr(features, " sites"))
		refuse_loss(meta, load_calls(&im, how->raw));
	if (how->times) {
		im.times = open_file(how->times, "we");
		fputs("record\tstart_ns\tduration_ns\tcpu\n", im.times);
	}
	while ((e = raw_next(raw)))
		on_event(&im, e);
	refuse_loss(meta, raw_lost(raw));
	for (int i = 0; i < im.threads; i++) {
		if (im.attached && !im.thread[i]->known)
			drop_begun(&im, im.thread[i], false);
		finish(&im, im.thread[i]);
	}
	find_places(&im);
	find_sites(&im);
	put_into_words(&im);
	write_capture(&im, meta);
	if (im.times) {
		fprintf(im.times, "# folded: %lu interrupt rounds, %lu"
			" scheduler visits, %lu copied pages\n",
			im.folded_rounds, im.folded_schedules,
			im.folded_copies);
		close_file(im.times, how->times);
	}
	raw_close(raw);
	words_free(im.words);
	free_calls(&im);
	free(meta);
	free(path);
	return KVT_OK;
}

static const char import_help[] =
"usage: kvt import --facts DIR [OPTION]... RAW-DIR\n"
"\n"
"Makes a capture of what `kvt record --raw RAW-DIR` recorded, perhaps on\n"
"another machine.\n"
"\n"
"  --facts DIR          what `kvt facts` found on that kernel\n"
"  -o, --output FILE    the capture (default: standard output)\n"
"  --source FILE        a source file of the program, to be named with its\n"
"                       hash; may be repeated\n"
"  --program FILE       the program, with debugging information: system calls\n"
"                       then carry their line in the --source files\n"
"  --vmlinux FILE       the kernel, with debugging information: calls then say\n"
"                       where they were made, if the recording is one with\n"
"                       --sites; what it says is kept in the facts\n"
"  --times FILE         also write when and on which CPU each call ran\n";

int cmd_import(int argc, char **argv)
{
	static const struct option options[] = {
		{ "facts", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "source", required_argument, NULL, 's' },
		{ "program", required_argument, NULL, 'p' },
		{ "times", required_argument, NULL, 't' },
		{ "vmlinux", required_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct import im = { .keep_sites = true, .source = xcalloc(argc, sizeof(char *)) };
	int opt, failed;

	while ((opt = getopt_long(argc, argv, "o:h", options, NULL)) >= 0)
		switch (opt) {
		case 'f':
			im.facts = optarg;
			break;
		case 'o':
			im.out = optarg;
			break;
		case 's':
			im.source[im.sources++] = optarg;
			break;
		case 'p':
			im.program = optarg;
			break;
		case 't':
			im.times = optarg;
			break;
		case 'v':
			im.vmlinux = optarg;
			break;
		case 'h':
			fputs(import_help, stdout);
			return KVT_OK;
		default:
			return KVT_USAGE;
		}
	if (!im.facts || optind != argc - 1)
		die(KVT_USAGE, "import takes --facts DIR and one recording;"
		    " see 'kvt import --help'");
	im.raw = argv[optind];
	failed = import_recording(&im);
	free(im.source);
	return failed;
}
