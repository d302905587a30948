// SPDX-License-Identifier: MIT
/* Checks that the machine can make a whole recording, and asks what it is. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "record/machine.h"
#include "record/recorder.h"

/*
 * The tracer counts processes by the machine's own numbers.  In a PID
 * namespace we only know others, so we would follow a stranger, or nobody.
 */
static void refuse_namespace(void)
{
	const ino_t first = 0xeffffffc;	/* the kernel's PID_NS_INIT_INO */
	struct stat st;

	if (!stat("/proc/self/ns/pid", &st) && st.st_ino != first)
		die(KVT_FAILED, "this is a container with process numbers of"
		    " its own (a PID namespace), and the kernel's tracer goes"
		    " by the machine's: record outside of it, or start the"
		    " container with the machine's (docker: --pid=host)");
}

void machine_check(void)
{
	refuse_namespace();
	machine_check_tracer();
}

void machine_check_tracer(void)
{
	char *enabled = read_file_if("/proc/sys/kernel/ftrace_enabled", NULL);

	if (enabled && enabled[0] == '0')
		die(KVT_FAILED, "the kernel's function tracer is off, so a"
		    " recording has no functions: turn it on with"
		    " 'sysctl kernel.ftrace_enabled=1'");
	free(enabled);
}

const char *machine_mode_of_log(const char *log)
{
	if (strstr(log, "Protected hVHE mode initialized") ||
	    strstr(log, "Protected nVHE mode initialized"))
		return "protected";
	if (strstr(log, "Hyp nVHE mode initialized") ||
	    strstr(log, "Hyp hVHE mode initialized"))
		return "nvhe";
	if (strstr(log, "VHE+NV2 mode initialized"))
		return "nested";
	if (strstr(log, "VHE mode initialized successfully"))
		return "vhe";
	return NULL;
}

/* Reads what KVM said when it started.  The log is a ring: on a machine with a
 * long uptime other messages have overwritten that. */
static const char *mode_of_log(void)
{
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *log = xcalloc(1, (size > 0 ? size : 0) + 1);
	const char *mode;

	if (size > 0)
		klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, size);
	mode = machine_mode_of_log(log);
	free(log);
	return mode;
}

/*
 * What a probe in the kernel reads: at which exception level the kernel runs,
 * and what the parameter kvm-arm.mode asked for (enum kvm_mode), -1 if this
 * kernel's symbols do not have that variable.  False: there are no probes.
 */
static bool probe_mode(struct recorder *r, int *level, int *asked)
{
	static const char *const fetch[] = {
		"pstate=%pstate:u64 asked=@kvm_mode:s32",
		"pstate=%pstate:u64",
	};
	char *name = xasprintf("mode_%d", getpid());
	char *file = xasprintf("events/kvt/%s/enable", name);
	struct tracefs_dynevent *probe = NULL;
	char *text = NULL, *at;

	for (int i = 0; i < 2 && !probe; i++) {
		probe = tracefs_kprobe_alloc("kvt", name, "do_el0_svc",
					     fetch[i]);
		if (probe && tracefs_dynevent_create(probe)) {
			tracefs_dynevent_free(probe);
			probe = NULL;
		}
	}
	if (probe && tracefs_instance_file_write(r->instance, file, "1") >= 0) {
		syscall(SYS_getppid);
		tracefs_instance_file_write(r->instance, file, "0");
		text = tracefs_instance_file_read(r->instance, "trace", NULL);
		tracefs_instance_file_write(r->instance, "trace", "");
	}
	if (probe) {
		tracefs_dynevent_destroy(probe, true);
		tracefs_dynevent_free(probe);
	}
	at = text ? strstr(text, "pstate=") : NULL;
	if (at)
		*level = strtoull(at + strlen("pstate="), NULL, 0) >> 2 & 3;
	*asked = -1;
	if (at && (at = strstr(at, "asked=")))
		*asked = atoi(at + strlen("asked="));
	free(text);
	free(file);
	free(name);
	return *level > 0;
}

const char *machine_mode(struct recorder *r)
{
	enum { MODE_PROTECTED = 1, MODE_NESTED = 2 };	/* enum kvm_mode */
	const char *mode = mode_of_log();
	int level = 0, asked;

	if (mode)
		return mode;
	if (!probe_mode(r, &level, &asked))
		return "unknown";
	if (level == 2)
		return asked == MODE_NESTED ? "nested" : "vhe";
	/* Without the variable we rely on the parameter: KVM may have ignored
	 * it, but a kernel at EL1 obeys. */
	if (asked < 0) {
		char *line = read_file_if("/proc/cmdline", NULL);

		asked = line && strstr(line, "kvm-arm.mode=protected") ?
			MODE_PROTECTED : 0;
		free(line);
	}
	return asked == MODE_PROTECTED ? "protected" : "nvhe";
}
