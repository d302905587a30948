// SPDX-License-Identifier: MIT
/* The kprobe events of one recording, kvt/user_PID and kvt/data_PID. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "record/probes.h"
#include "record/recorder.h"

/*
 * At the entry of each system call: where the kernel keeps the program's
 * registers, the top of the thread's kernel stack; the user's link register,
 * and the return addresses of four frames further up.  A call like ioctl() keeps
 * no frame in the C library, so the first is its place in the program;
 * close() and others, where a thread can be cancelled, keep up to three.
 * The registers are at their offsets in pt_regs; in user memory a frame
 * begins with the address of the next, and its return address follows.
 *
 * Where the kernel cannot read user memory, it leaves in the record what
 * happened to be there.  But of a string it tells the length, and that is 0
 * then and at least 1 (for the end of the string) otherwise.  So we fetch
 * what is at each of the places as a string, too.
 */
#define FRAME "+232($arg1)"
static const char user_event[] =
	"sp=$arg1:x64 lr=+240($arg1):x64 ra1=+u8(" FRAME "):x64"
	" ra2=+u8(+u0(" FRAME ")):x64 ra3=+u8(+u0(+u0(" FRAME "))):x64"
	" ra4=+u8(+u0(+u0(+u0(" FRAME ")))):x64"
	" c1=+u8(" FRAME "):ustring c2=+u8(+u0(" FRAME ")):ustring"
	" c3=+u8(+u0(+u0(" FRAME "))):ustring"
	" c4=+u8(+u0(+u0(+u0(" FRAME ")))):ustring";

/*
 * At the entry of each ioctl: what its argument points to.  We fetch the
 * first byte of the words, and the last of their halves, as strings, too:
 * bytes between two readable ones less than a page apart are readable.
 */
#define POINTER "(+16($arg1))"
static const char data_event[] =
	"nr=+64($arg1):u64 w0=+u0" POINTER ":x64 w1=+u8" POINTER ":x64"
	" w2=+u16" POINTER ":x64 w3=+u24" POINTER ":x64 w4=+u32" POINTER ":x64"
	" w5=+u40" POINTER ":x64 w6=+u48" POINTER ":x64 w7=+u56" POINTER ":x64"
	" c0=+u0" POINTER ":ustring c31=+u31" POINTER ":ustring c63=+u63" POINTER ":ustring";

static const struct {
	const char *name, *fetch;
} probes[PROBES] = {
	[PROBE_USER] = { "user", user_event },
	[PROBE_DATA] = { "data", data_event },
};

static char *probe_file(int i, const char *file)
{
	return xasprintf("events/kvt/%s_%d/%s", probes[i].name, getpid(),
			 file);
}

/* The event exists for one recording, so no facts can have its format. */
static void save_format(struct recorder *r, int i)
{
	char *file = probe_file(i, "format");
	char *format = tracefs_instance_file_read(NULL, file, NULL);
	char *path = xasprintf("%s/%s.txt", r->dir, probes[i].name);

	if (format)
		write_file(path, format, strlen(format));
	free(path);
	free(format);
	free(file);
}

void probes_create(struct recorder *r)
{
	for (int i = 0; i < PROBES; i++) {
		char *name = xasprintf("%s_%d", probes[i].name, getpid());

		r->probe[i] = tracefs_kprobe_alloc("kvt", name, "do_el0_svc",
						   probes[i].fetch);
		if (r->probe[i] && tracefs_dynevent_create(r->probe[i])) {
			tracefs_dynevent_free(r->probe[i]);
			r->probe[i] = NULL;
		}
		if (r->probe[i])
			save_format(r, i);
		free(name);
	}
}

void probes_enable(struct recorder *r)
{
	char *filter = xasprintf("nr == %d", SYS_ioctl);
	char *file = probe_file(PROBE_DATA, "filter");

	if (r->probe[PROBE_DATA])
		recorder_set(r, file, filter);
	free(file);
	free(filter);
	for (int i = 0; i < PROBES; i++) {
		file = probe_file(i, "enable");
		if (r->probe[i])
			recorder_set(r, file, "1");
		free(file);
	}
}

void probes_destroy(struct recorder *r)
{
	for (int i = 0; i < PROBES; i++) {
		if (!r->probe[i])
			continue;
		if (tracefs_dynevent_destroy(r->probe[i], true))
			warn("cannot remove the event kvt/%s_%d: %s",
			     probes[i].name, getpid(), strerror(errno));
		tracefs_dynevent_free(r->probe[i]);
		r->probe[i] = NULL;
	}
}

void probes_clean_stale(bool (*lives)(long pid))
{
	struct tracefs_dynevent **all =
		tracefs_dynevent_get_all(TRACEFS_DYNEVENT_KPROBE, "kvt");

	for (int i = 0; all && all[i]; i++) {
		char *event = NULL;
		long pid;

		tracefs_dynevent_info(all[i], NULL, &event, NULL, NULL, NULL);
		if (event && sscanf(event, "%*[a-z]_%ld", &pid) == 1 &&
		    !lives(pid))
			tracefs_dynevent_destroy(all[i], true);
		free(event);
	}
	tracefs_dynevent_list_free(all);
}
