// SPDX-License-Identifier: MIT
/*
 * The kernel's function-graph tracer, in our instance.
 *
 * That tracer records either what a function was given or who called it.
 * For both there is a second instance, with the plain function tracer: it
 * sees the same calls in the same order, with the address of each caller.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/memory.h"
#include "kernel/facts.h"
#include "record/attach.h"
#include "record/machine.h"
#include "record/probes.h"
#include "record/recorder.h"
#include "record/shared.h"
#include "record/tracer.h"

/*
 * Sets the filter by number: for a name the kernel walks all of its functions,
 * a number it finds at once.  It takes one number per write.
 */
static void set_filter(struct recorder *r, const char *functions)
{
	int fd = tracefs_instance_file_open(r->instance, "set_ftrace_filter",
					    O_WRONLY | O_TRUNC);
	size_t count;
	struct function *f = functions_load(functions, &count);

	if (fd < 0)
		die(KVT_FAILED, "set_ftrace_filter: %s", strerror(errno));
	for (size_t i = 0; i < count; i++) {
		char text[24];
		int n = snprintf(text, sizeof(text), "%lu ", f[i].number);

		if (write(fd, text, n) != n)
			die(KVT_FAILED, "set_ftrace_filter: function %s,"
			    " number %lu: %s", f[i].name, f[i].number,
			    strerror(errno));
	}
	functions_free(f);
	if (close(fd))
		die(KVT_FAILED, "set_ftrace_filter: %s", strerror(errno));
	r->functions = count;
}

/* Follows the program's threads, and those that they will start. */
static void set_pids(struct recorder *r)
{
	char *pids = r->pid ? attach_threads(r->pid)
			    : xasprintf("%d", r->child);

	for (char *now; ; pids = now) {
		recorder_set(r, "set_ftrace_pid", pids);
		recorder_set(r, "set_event_pid", pids);
		/* A thread may have started before the kernel knew that it
		 * has to follow its parent. */
		now = r->pid ? attach_threads(r->pid) : xstrdup(pids);
		if (!strcmp(now, pids)) {
			free(pids);
			free(now);
			return;
		}
		free(pids);
	}
}

/* We read the buffers when they are half full; a limit needs a look when
 * they hold an eighth of it. */
static void set_watermark(struct recorder *r)
{
	unsigned long long percent = r->max_size * 100 / 8 /
				     (r->buffer_kb * 1024);
	char text[24];

	if (!r->max_size || percent >= 50)
		return;
	snprintf(text, sizeof(text), "%llu", percent ?: 1);
	recorder_set(r, "buffer_percent", text);
}

/*
 * The kernel hands out one sub-buffer at a time.  Each costs about the same,
 * whatever its size, so we make them larger than a page.  A small buffer needs
 * small ones, and so does a limit, because only full ones count.  With call
 * sites they stay small, too: larger ones change which pages the kernel gives
 * to a program, and captures of nVHE show where those are.
 */
static void set_sub_buffers(struct recorder *r, bool are_small)
{
	enum { LARGE_KB = 32, LEAST_KB = 32 * LARGE_KB };
	char text[24];

	snprintf(text, sizeof(text), "%d", LARGE_KB);
	/* Kernels before 6.8 have pages only. */
	if (r->buffer_kb >= LEAST_KB && !are_small)
		tracefs_instance_file_write(r->instance,
					    "buffer_subbuf_size_kb", text);
}

/* Sets up what both instances have in common. */
static void set_up_instance(struct recorder *r, const char *functions,
			    bool are_small)
{
	char text[32];

	tracefs_trace_off(r->instance);
	recorder_set(r, "options/overwrite", "0");
	recorder_set(r, "options/function-fork", "1");
	recorder_set(r, "options/event-fork", "1");
	recorder_set(r, "trace_clock", "mono");
	set_sub_buffers(r, are_small);
	snprintf(text, sizeof(text), "%ld", r->buffer_kb);
	recorder_set(r, "buffer_size_kb", text);
	set_filter(r, functions);
	set_watermark(r);
	set_pids(r);
}

static void set_up_sites(struct recorder *r, const char *functions)
{
	if (!r->sites)
		return;
	r->sites->child = r->child;
	set_up_instance(r->sites, functions, true);
	recorder_set(r->sites, "current_tracer", "function");
}

void tracer_set_up(struct recorder *r, const char *functions)
{
	struct shared_values v;

	set_up_instance(r, functions, r->max_size || r->sites);
	set_up_sites(r, functions);
	/* The tracer looks at its options when it starts. */
	v = shared_prepare(r->instance);
	recorder_set(r, "current_tracer", "function_graph");
	r->args = v.value[SHARED_ARGS] == '1';
	r->retval = v.value[SHARED_RETVAL] == '1';
	probes_enable(r);
	recorder_set(r, "events/raw_syscalls/enable", "1");
	recorder_set(r, "events/kvm/enable", "1");
}

/* The instance of call sites must see all that the other one sees. */
void tracer_on(struct recorder *r)
{
	if (r->sites)
		tracefs_trace_on(r->sites->instance);
	tracefs_trace_on(r->instance);
}

void tracer_off(struct recorder *r)
{
	tracefs_trace_off(r->instance);
	if (r->sites)
		tracefs_trace_off(r->sites->instance);
}

void tracer_check(const struct recorder *r)
{
	struct shared_values v = shared_read(r->instance);

	machine_check_tracer();
	if (r->args != (v.value[SHARED_ARGS] == '1') ||
	    r->retval != (v.value[SHARED_RETVAL] == '1') ||
	    v.value[SHARED_RETADDR] == '1' || v.value[SHARED_IRQS] == '1')
		die(KVT_FAILED, "somebody changed the tracer's options"
		    " (options/funcgraph-*) during the recording, so parts of"
		    " it are missing: record again");
}

/* Calls EACH with every process that the tracer follows and that lives,
 * until it returns true. */
static void each_living(struct recorder *r, bool (*each)(pid_t pid, void *),
			void *data)
{
	char *pids = tracefs_instance_file_read(r->instance, "set_event_pid",
						NULL);
	char *save = NULL;

	for (char *p = pids ? strtok_r(pids, "\n", &save) : NULL; p;
	     p = strtok_r(NULL, "\n", &save)) {
		pid_t process = attach_living(atoi(p));

		if (process && each(process, data))
			break;
	}
	free(pids);
}

static bool note_first(pid_t pid, void *data)
{
	*(pid_t *)data = pid;
	return true;
}

pid_t tracer_living(struct recorder *r)
{
	pid_t pid = 0;

	each_living(r, note_first, &pid);
	return pid;
}

static bool kill_one(pid_t pid, void *data)
{
	(void)data;
	kill(pid, SIGKILL);
	return false;
}

void tracer_kill(struct recorder *r)
{
	each_living(r, kill_one, NULL);
}
