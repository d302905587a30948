// SPDX-License-Identifier: MIT
/* The steps of a recording, in their order. */
#include <string.h>

#include "base/die.h"
#include "record/instances.h"
#include "record/machine.h"
#include "record/meta.h"
#include "record/pages.h"
#include "record/priority.h"
#include "record/program.h"
#include "record/recorder.h"
#include "record/recording.h"
#include "record/tracer.h"

static bool has_stopped_by(const struct recorder *r, const char *limit)
{
	return r->stopped && !strcmp(r->stopped, limit);
}

/* Says that a limit ended the recording, but not the program. */
static void say_stopped(const struct recorder *r)
{
	bool has_ended = !r->pid && r->status != STATUS_UNKNOWN;
	const char *what = has_ended ? "what was left behind by " : "";

	if (has_stopped_by(r, "max-size"))
		warn("the recording stopped at --max-size, with %llu KiB;"
		     " %s%s goes on", r->written / 1024, what, r->program);
	else if (has_stopped_by(r, "duration") && !r->pid)
		warn("the recording stopped at --duration; %s%s goes on",
		     what, r->program);
}

/* Kills the program after the recording, which does not show that end. */
static void end_program(struct recorder *r)
{
	tracer_kill(r);
	program_end(r);
	program_wait(r);
	warn("the time is over: %s was ended, and the recording has what it"
	     " did until then", r->program);
}

int recording_make(struct recorder *r, const char *functions, char **argv)
{
	int go = -1;

	r->status = STATUS_UNKNOWN;
	if (r->sites) {
		r->sites->dir = r->dir;
		r->sites->buffer_kb = r->buffer_kb;
		r->is_one_of_two = r->sites->is_one_of_two = true;
	}
	machine_check();
	program_catch_signals();
	priority_find();
	instances_create(r);
	r->mode = machine_mode(r);
	if (!r->pid)
		go = program_fork(r, argv);
	tracer_set_up(r, functions);
	pages_open(r);
	program_follow(r, go);
	pages_close(r);
	tracer_check(r);
	meta_write(r);
	if (has_stopped_by(r, "timeout") && !r->pid)
		end_program(r);
	instances_remove(r);
	program_leave();
	say_stopped(r);
	pages_free(r);
	return r->status;
}
