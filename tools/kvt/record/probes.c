// SPDX-License-Identifier: MIT
/* The events of one recording, kvt/user_PID and kvt/data_PID. */
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
 * and the return addresses of four frames further up.  A call like ioctl()
 * keeps no frame in the C library, so the first is its place in the program;
 * close() and others, where a thread can be cancelled, keep up to three.
 * The registers are at their offsets in pt_regs; in user memory a frame
 * begins with the address of the next, and its return address follows.
 *
 * Where the kernel cannot read user memory, it leaves in the record what
 * happened to be there.  But of a string it tells the length, and that is 0
 * then and at least 1 (for the end of the string) otherwise.  So we fetch
 * what is at the second and the fourth place as a string, too.  If the kernel
 * can read one of these, it has read the frames before it.  The first and the
 * third need no string: a function that made a call has a frame itself, so
 * another frame follows each return address that is worth anything.
 *
 * Each place that the kernel cannot read costs two page faults, because arm64
 * tries a single byte when it cannot have all.  The stack of a thread ends
 * soon, so a string more would cost a monitor a thousand instructions per
 * KVM_RUN.
 */
#define FRAME "+232($arg1)"
static const char user_event[] =
	"sp=$arg1:x64 lr=+240($arg1):x64 ra1=+u8(" FRAME "):x64"
	" ra2=+u8(+u0(" FRAME ")):x64 ra3=+u8(+u0(+u0(" FRAME "))):x64"
	" ra4=+u8(+u0(+u0(+u0(" FRAME ")))):x64"
	" c2=+u8(+u0(" FRAME ")):ustring"
	" c4=+u8(+u0(+u0(+u0(" FRAME ")))):ustring";

/*
 * At the entry of an ioctl whose request says that it passes something: the
 * argument, and what it points to.  We fetch the first and the last byte as
 * strings, too: bytes between two readable ones less than a page apart are
 * readable, and so are all from a readable one to the end of its page.
 *
 * A kprobe fetches before its filter looks, so KVM_RUN, whose argument is 0,
 * costs 18 page faults, 12,000 instructions.
 */
#define PASSES_SOMETHING "0x40000000"	/* _IOC_WRITE, in its place */
/* KVM_ARM_MTE_COPY_TAGS, whose number says that it passes nothing, does. */
#define COPIES_TAGS "0x8030aeb4"
#define POINTER "(+16($arg1))"
static const char data_event[] =
	"nr=+64($arg1):u64 cmd=+8($arg1):u32 arg=+16($arg1):u64"
	" w0=+u0" POINTER ":x64 w1=+u8" POINTER ":x64"
	" w2=+u16" POINTER ":x64 w3=+u24" POINTER ":x64 w4=+u32" POINTER ":x64"
	" w5=+u40" POINTER ":x64 w6=+u48" POINTER ":x64 w7=+u56" POINTER ":x64"
	" c0=+u0" POINTER ":ustring c63=+u63" POINTER ":ustring";

static const char *const probe_name[PROBES] = {
	[PROBE_USER] = "user",
	[PROBE_DATA] = "data",
};

static char *probe_file(int i, const char *file)
{
	return xasprintf("events/kvt/%s_%d/%s", probe_name[i], getpid(),
			 file);
}

/* Saves the format: the event exists for one recording, so no facts have it. */
static void save_format(struct recorder *r, int i)
{
	char *file = probe_file(i, "format");
	char *format = tracefs_instance_file_read(NULL, file, NULL);
	char *path = xasprintf("%s/%s.txt", r->dir, probe_name[i]);

	if (format)
		write_file(path, format, strlen(format));
	free(path);
	free(format);
	free(file);
}

/* Creates the event; NULL if the kernel cannot. */
static struct tracefs_dynevent *make_kprobe(const char *name, const char *fetch)
{
	struct tracefs_dynevent *e =
		tracefs_kprobe_alloc("kvt", name, "do_el0_svc", fetch);

	if (e && tracefs_dynevent_create(e)) {
		tracefs_dynevent_free(e);
		e = NULL;
	}
	return e;
}

void probes_create(struct recorder *r)
{
	char *user = xasprintf("user_%d", getpid());
	char *data = xasprintf("data_%d", getpid());

	r->probe[PROBE_USER] = make_kprobe(user, user_event);
	r->probe[PROBE_DATA] = make_kprobe(data, data_event);
	for (int i = 0; i < PROBES; i++)
		if (r->probe[i])
			save_format(r, i);
	free(data);
	free(user);
}

static void set_data_filter(struct recorder *r)
{
	char *file = probe_file(PROBE_DATA, "filter");
	char *filter = xasprintf("nr == %d && (cmd & %s || cmd == %s)",
				 SYS_ioctl, PASSES_SOMETHING, COPIES_TAGS);

	recorder_set(r, file, filter);
	free(filter);
	free(file);
}

/* Call this before enabling the events of system calls, because import needs
 * what a call passes before the call. */
void probes_enable(struct recorder *r)
{
	if (r->probe[PROBE_DATA])
		set_data_filter(r);
	for (int i = 0; i < PROBES; i++) {
		char *file = probe_file(i, "enable");

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
			     probe_name[i], getpid(), strerror(errno));
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
