// SPDX-License-Identifier: MIT
/* What /proc says of a process that runs already, for `kvt record --pid`. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/memory.h"
#include "record/attach.h"

/* Beginnings of links in /proc/PID/fd; the first match wins. */
static const struct {
	const char *link;
	const char *kind;	/* as in a capture */
} kinds[] = {
	{ "/dev/kvm", "system" },
	{ "anon_inode:kvm-vm-stats", "stats" },
	{ "anon_inode:kvm-vcpu-stats:", "stats" },
	{ "anon_inode:kvm-vcpu:", "vcpu" },
	{ "anon_inode:kvm-vm", "vm" },
	{ "anon_inode:[kvm-gmem]", "guest_memfd" },
	{ "anon_inode:kvm-", "device" },	/* kvm-arm-vgic-v3 and others */
};

/* Opens a directory of the process; if it is missing, so is the process. */
static DIR *open_proc(pid_t pid, const char *name)
{
	char *path = xasprintf("/proc/%d/%s", pid, name);
	DIR *dir = opendir(path);

	if (!dir && errno == ENOENT)
		die(KVT_USAGE, "--pid: there is no process %d", pid);
	if (!dir)
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	free(path);
	return dir;
}

char *attach_threads(pid_t pid)
{
	DIR *dir = open_proc(pid, "task");
	char *all = xstrdup("");
	struct dirent *d;

	while ((d = readdir(dir))) {
		char *longer;

		if (*d->d_name == '.')
			continue;
		longer = xasprintf("%s%s ", all, d->d_name);
		free(all);
		all = longer;
	}
	closedir(dir);
	return all;
}

char *attach_program(pid_t pid)
{
	char *path = xasprintf("/proc/%d/exe", pid), name[PATH_MAX];
	ssize_t n = readlink(path, name, sizeof(name) - 1);

	if (n < 0 && errno == ENOENT && kill(pid, 0))
		die(KVT_USAGE, "--pid: there is no process %d", pid);
	if (n < 0)
		die(KVT_USAGE, "--pid: %d has no program: %s", pid,
		    strerror(errno));
	free(path);
	name[n] = '\0';
	return xstrdup(name);
}

void attach_fds(pid_t pid, FILE *out)
{
	DIR *dir = open_proc(pid, "fd");
	struct dirent *d;
	char link[PATH_MAX];

	while ((d = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), d->d_name, link,
				       sizeof(link) - 1);

		if (n < 0)
			continue;	/* "..", or closed meanwhile */
		link[n] = '\0';
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (!strncmp(link, kinds[i].link,
				     strlen(kinds[i].link))) {
				fprintf(out, "%s\t%s\n", d->d_name,
					kinds[i].kind);
				break;
			}
	}
	closedir(dir);
}

pid_t attach_living(pid_t thread)
{
	char *path = xasprintf("/proc/%d/status", thread), line[256], state;
	FILE *f = fopen(path, "re");
	pid_t process = 0;

	free(path);
	while (f && !process && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "State: %c", &state) == 1 &&
		    (state == 'Z' || state == 'X'))
			break;
		sscanf(line, "Tgid: %d", &process);
	}
	if (f)
		fclose(f);
	return process;
}
