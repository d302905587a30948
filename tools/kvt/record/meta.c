// SPDX-License-Identifier: MIT
/* Writes the file `meta`, next to the pages. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "record/meta.h"
#include "record/pages.h"
#include "record/recorder.h"

static unsigned long long cpu_lost(struct recorder *r, int cpu)
{
	static const char *const lines[] = {
		"overrun: ", "\ncommit overrun: ", "\ndropped events: "
	};
	char *name = xasprintf("per_cpu/cpu%d/stats", cpu);
	char *text = tracefs_instance_file_read(r->instance, name, NULL);
	unsigned long long lost = 0;

	if (!text)
		die(KVT_FAILED, "%s: %s", name, strerror(errno));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *at = strstr(text, lines[i]);

		lost += at ? strtoull(at + strlen(lines[i]), NULL, 10) : 0;
	}
	free(text);
	free(name);
	return lost;
}

/* Writes how the recording ended, and the program, if we know that. */
static void write_end(const struct recorder *r, FILE *f)
{
	const char *base = strrchr(r->program, '/');

	fprintf(f, "program %s\n", base ? base + 1 : r->program);
	if (r->status >= 0)
		fprintf(f, "status %d\n", r->status);
	else
		fprintf(f, "status %s\n", r->stopped ? "running" : "unknown");
	if (r->stopped)
		fprintf(f, "stopped %s\n", r->stopped);
	if (r->pid)
		fputs("attached\n", f);
}

static void write_machine(const struct recorder *r, FILE *f)
{
	char *midr = read_file_if("/sys/devices/system/cpu/cpu0/regs/"
				  "identification/midr_el1", NULL);
	struct utsname u;

	uname(&u);
	if (midr)
		midr[strcspn(midr, "\n")] = '\0';
	fprintf(f, "release %s\nmachine %s\nmode %s\ncpu %s\n", u.release,
		u.machine, r->mode, midr ? midr : "unknown");
	free(midr);
}

void meta_write(struct recorder *r)
{
	char *path = xasprintf("%s/meta", r->dir);
	FILE *f = open_file(path, "we");
	unsigned long long lost = 0;

	for (int i = 0; i < r->cpus; i++)
		lost += cpu_lost(r, i) +
			(r->sites ? cpu_lost(r->sites, i) : 0);
	write_machine(r, f);
	write_end(r, f);
	fprintf(f, "lost %llu\nrecorded %zu\n", lost, r->functions);
	fprintf(f, "features%s%s%s%s%s\n", r->args ? " args" : "",
		r->retval ? " retval" : "",
		r->probe[PROBE_USER] ? " lines" : "",
		r->probe[PROBE_DATA] ? " data" : "",
		r->sites ? " sites" : "");
	pages_list(r, f);
	fputs("end\n", f);
	close_file(f, path);
	free(path);
}
