// SPDX-License-Identifier: MIT
/* Counts system calls, exits of vCPUs and threads in one walk. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/fold.h"
#include "capture/times.h"
#include "view/stats_count.h"

struct stats_name {
	UT_hash_handle hh;
	char text[];
};

struct counting {
	struct stats s;
	struct times *times;	/* NULL: none */
	struct stats_row *rows[TABLES];	/* by name */
	struct record_time at;	/* of the current record */
	struct stats_row *exit;	/* to the kernel, that has not returned yet */
	struct stats_row *back;	/* to the program, which has not run since */
	uint64_t exit_start, back_start;	/* ns */
};

static struct stats_row *row_named(struct counting *c, enum stats_table table,
				   const char *name, size_t length)
{
	struct stats_row *r;

	HASH_FIND(hh, c->rows[table], name, length, r);
	if (r)
		return r;
	r = xcalloc(1, sizeof(*r));
	r->name = xasprintf("%.*s", (int)length, name);
	r->table = table;
	HASH_ADD_KEYPTR(hh, c->rows[table], r->name, length, r);
	arrput(c->s.row, r);
	return r;
}

static void count_function(struct stats_row *r, const char *name)
{
	size_t length = strlen(name);
	struct stats_name *seen;

	r->calls++;
	HASH_FIND(hh, r->seen, name, length, seen);
	if (seen)
		return;
	seen = xcalloc(1, sizeof(*seen) + length + 1);
	memcpy(seen->text, name, length);
	HASH_ADD_KEYPTR(hh, r->seen, seen->text, length, seen);
	r->functions++;
}

static struct stats_thread *current_thread(struct counting *c)
{
	return &arrlast(c->s.thread);
}

/* Ends an exit: the vCPU is back in the guest, or the system call ended. */
static void end_exit(struct counting *c, uint64_t ns)
{
	if (c->exit && c->times && ns >= c->exit_start)
		durations_add(&c->exit->time, ns - c->exit_start);
	c->exit = NULL;
}

static void end_back(struct counting *c)
{
	if (c->back && c->times && c->at.start >= c->back_start)
		durations_add(&c->back->time, c->at.start - c->back_start);
	c->back = NULL;
}

/* An exit's row is what its event says, except for the place in the guest. */
static void count_event(struct counting *c, const struct node *n)
{
	const char *pc = strstr(n->args, ", vcpu_pc=");
	size_t length = pc ? (size_t)(pc - n->args) : strlen(n->args);

	if (!strcmp(n->name, "kvm_exit")) {
		c->exit = row_named(c, EXITS, n->args, length);
		c->exit->count++;
		c->exit_start = c->at.start;
		current_thread(c)->count[EXITS]++;
	} else if (!strcmp(n->name, "kvm_entry")) {
		end_exit(c, c->at.start);
	} else if (!strcmp(n->name, "kvm_userspace_exit")) {
		c->back = row_named(c, RETURNS, n->args, length);
		c->back->count++;
		c->back_start = c->at.start;
		current_thread(c)->count[RETURNS]++;
	}
}

static void count_calls_below(struct counting *c, struct stats_row *r,
			const struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++) {
		const struct node *child = n->child[i];

		if (c->times && !is_level(child))
			c->at = times_next(c->times);
		if (child->kind == NODE_CALL) {
			current_thread(c)->calls++;
			count_function(r, child->name);
		} else if (child->kind == NODE_EVENT) {
			count_event(c, child);
		}
		count_calls_below(c, r, child);
	}
}

static void count_thread(struct counting *c, const struct thread *t)
{
	if (c->s.thread && current_thread(c)->name == t->name)
		return;
	arrput(c->s.thread, (struct stats_thread){ .name = t->name });
	c->exit = c->back = NULL;
}

static void count_syscall(struct counting *c, const struct node *n)
{
	size_t length;
	const char *request = request_of(n, &length);
	struct record_time top;
	struct stats_row *r;

	if (c->times)
		c->at = times_next(c->times);
	top = c->at;
	r = row_named(c, SYSCALLS, length ? request : n->name,
		      length ?: strlen(n->name));
	r->count++;
	r->errors += n->result && !strncmp(n->result, "-E", 2);
	r->open += n->open;
	current_thread(c)->count[SYSCALLS]++;
	if (!strcmp(r->name, "KVM_RUN")) {
		current_thread(c)->runs++;
		end_back(c);
	}
	count_calls_below(c, r, n);
	if (c->times && !n->open)
		durations_add(&r->time, top.duration);
	end_exit(c, top.start + top.duration);
}

/* Counts a system call, or a function or event outside of any. */
static void count_top(void *data, const struct thread *t, struct node *n)
{
	struct node outside = { .child = &n, .children = 1 };
	struct counting *c = data;

	count_thread(c, t);
	if (n->kind == NODE_SYSCALL)
		count_syscall(c, n);
	else
		count_calls_below(c, row_named(c, SYSCALLS, "", 0), &outside);
}

static int by_count(const void *a, const void *b)
{
	const struct stats_row *x = *(struct stats_row *const *)a;
	const struct stats_row *y = *(struct stats_row *const *)b;

	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct stats stats_count(const char *file, const char *times)
{
	struct capture *capture = capture_stream(file);
	struct counting c = { .s = { .capture = capture, .timed = times } };

	if (times)
		c.times = times_open(times, capture);
	if (capture->stream)
		capture_each(capture, count_top, &c);
	for (unsigned int i = 0; i < capture->threads && !capture->stream; i++) {
		struct node *root = &capture->thread[i].root;

		for (unsigned int k = 0; k < root->children; k++)
			count_top(&c, &capture->thread[i], root->child[k]);
	}
	if (c.times)
		times_close(c.times);
	if (c.s.row)
		qsort(c.s.row, arrlenu(c.s.row), sizeof(*c.s.row), by_count);
	for (int i = 0; i < TABLES; i++)
		HASH_CLEAR(hh, c.rows[i]);
	return c.s;
}

void stats_free(struct stats *s)
{
	for (long i = 0; i < arrlen(s->row); i++) {
		struct stats_row *r = s->row[i];
		struct stats_name *seen, *next;

		HASH_ITER(hh, r->seen, seen, next) {
			HASH_DEL(r->seen, seen);
			free(seen);
		}
		durations_free(&r->time);
		free(r->name);
		free(r);
	}
	arrfree(s->row);
	arrfree(s->thread);
	capture_free(s->capture);
}
