// SPDX-License-Identifier: MIT
/* Who called, from the pages of the second tracer. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <event-parse.h>
#include <uthash.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "import/callers.h"
#include "import/raw.h"
#include "kernel/facts.h"

struct traced_call {
	uint64_t function, caller;
};

/* Calls of a thread that the first tracer has not reached yet. */
struct caller_queue {
	int pid;
	struct traced_call *call;	/* stb_ds */
	size_t used;			/* how many of them we handed out */
	UT_hash_handle hh;
};

struct callers {
	struct raw *raw;
	uint16_t type;			/* of the function tracer's events */
	unsigned int least;		/* bytes of one */
	unsigned int function, caller;	/* their offset in it */
	struct caller_queue *by_pid, *last;
};

static unsigned int offset_of(const struct tep_event *e, const char *name)
{
	struct tep_format_field *f =
		tep_find_any_field((struct tep_event *)e, name);

	if (!f || f->size != 8)
		die(KVT_FAILED, "the event %s has no number %s", e->name,
		    name);
	return f->offset;
}

struct callers *callers_open(const struct facts *facts, const char *dir,
			     size_t page)
{
	const struct tep_event *e =
		tep_find_event_by_name(facts->tep, "ftrace", "function");
	struct callers *c = xcalloc(1, sizeof(*c));

	if (!e)
		die(KVT_FAILED, "the facts lack the format of"
		    " ftrace/function");
	c->type = e->id;
	c->function = offset_of(e, "ip");
	c->caller = offset_of(e, "parent_ip");
	c->least = 8 + (c->function > c->caller ? c->function : c->caller);
	c->raw = raw_open(dir, "sites", page);
	return c;
}

static struct caller_queue *queue_of(struct callers *c, int pid)
{
	struct caller_queue *q = c->last;

	if (q && q->pid == pid)
		return q;
	HASH_FIND_INT(c->by_pid, &pid, q);
	if (!q) {
		q = xcalloc(1, sizeof(*q));
		q->pid = pid;
		HASH_ADD_INT(c->by_pid, pid, q);
	}
	return c->last = q;
}

/* Reads one call into its queue; false: there is none left.  In the context
 * of an interrupt, only this tracer records calls: they are left out. */
static bool read_caller(struct callers *c)
{
	enum { FLAGS = 2, PID = 4, HEAD = 8, HARDIRQ = 8, NMI = 64 };
	const struct raw_event *e;

	while ((e = raw_next(c->raw))) {
		struct traced_call call;
		uint16_t type;
		int32_t pid;

		if (e->size < HEAD)
			die(KVT_BAD_CAPTURE, "the recording has an event"
			    " without a head");
		memcpy(&type, e->data, sizeof(type));
		if (type != c->type || e->data[FLAGS] & (HARDIRQ | NMI))
			continue;
		if (e->size < c->least)
			die(KVT_BAD_CAPTURE, "the recording has an event"
			    " function that is too short");
		memcpy(&pid, e->data + PID, sizeof(pid));
		memcpy(&call.function, e->data + c->function, 8);
		memcpy(&call.caller, e->data + c->caller, 8);
		arrput(queue_of(c, pid)->call, call);
		return true;
	}
	return false;
}

void callers_finish(struct callers *c)
{
	while (raw_next(c->raw))
		;
	if (raw_lost(c->raw))
		die(KVT_LOST, "the kernel dropped %llu events, so there is"
		    " no capture: record again with a larger --buffer",
		    raw_lost(c->raw));
}

/* Frees the room of calls that we handed out. */
static void shrink_queue(struct caller_queue *q)
{
	enum { MANY = 1024 };
	size_t left = arrlenu(q->call) - q->used;

	if (left && (q->used < MANY || left > q->used))
		return;
	memmove(q->call, q->call + q->used, left * sizeof(*q->call));
	arrsetlen(q->call, left);
	q->used = 0;
}

uint64_t callers_next(struct callers *c, int pid, uint64_t function)
{
	struct caller_queue *q = queue_of(c, pid);
	struct traced_call call;

	while (q->used == arrlenu(q->call) && read_caller(c))
		;
	if (q->used == arrlenu(q->call) ||
	    q->call[q->used].function != function) {
		callers_finish(c);
		die(KVT_BAD_CAPTURE, "the two tracers do not agree: one saw a"
		    " call of %" PRIx64 ", the other did not", function);
	}
	call = q->call[q->used++];
	shrink_queue(q);
	return call.caller;
}

void callers_close(struct callers *c)
{
	struct caller_queue *q, *next;

	HASH_ITER(hh, c->by_pid, q, next) {
		HASH_DEL(c->by_pid, q);
		arrfree(q->call);
		free(q);
	}
	raw_close(c->raw);
	free(c);
}
