// SPDX-License-Identifier: MIT
/*
 * Runs a submission inside the lab's machine, as a user who may use KVM and
 * nothing else: it must not become root, nor reach the recorder, which is
 * root's, nor the port that leads to the host.
 *
 * usage: confine [--allow threads|everything] PROGRAM [ARGUMENT]...
 *
 * The program's tree has a few devices and nothing to write to; calls.c has
 * the system calls that are left to it.  --allow everything is for a program
 * that comes with an exercise: it may make any system call.
 *
 * A program that has no end is ended by SIGPROF or SIGALRM, so that there is a
 * capture of what it did.
 *
 * Exit status: the program's; 126: it could not be confined; 127: the program
 * could not be started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "confine.h"

#define STUDENT 1000	/* user and group; nobody else in the machine has it */
#define THREADS 64	/* at once */
/* Of the machine's time, which counts instructions, 10^9 of them a second:
 * what an exercise may use of the processor, where it takes a hundredth, and
 * how long it may last (QEMU does not wait when the machine is idle, but for
 * QEMU 8). */
#define CPU_MICROSECONDS 250000
#define ALL_SECONDS 5
/* How old the machine is at least when a program starts: a counter near 0 would
 * not find out who has forgotten it.  QEMU does not wait for that, either. */
#define AGE_SECONDS 1

static void fail(const char *what, int status)
{
	fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
	exit(status);
}

/*
 * The kernel runs programs of its own as root: to load a module, for a core
 * dump, for a key.  None of these files is there, nobody can put one there,
 * and should one be, then it has no privilege.
 */
static void disarm_helpers(void)
{
	static const struct {
		const char *file, *text;
	} settings[] = {
		{ "/proc/sys/kernel/usermodehelper/bset", "0 0" },
		{ "/proc/sys/kernel/usermodehelper/inheritable", "0 0" },
		{ "/proc/sys/kernel/modprobe", "\n" },
		{ "/proc/sys/kernel/core_pattern", "\n" },
		{ "/proc/sys/kernel/hotplug", "\n" },
		{ "/proc/sys/user/max_user_namespaces", "0" },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		const char *text = settings[i].text;
		int fd = open(settings[i].file, O_WRONLY | O_CLOEXEC);

		if (fd < 0 && errno == ENOENT)
			continue;	/* this kernel has no such thing */
		if (fd < 0 || write(fd, text, strlen(text)) < 0)
			fail(settings[i].file, 126);
		close(fd);
	}
}

/* Opens the program under a number that nobody can have again: beyond the hard
 * limit, which stays as it was. */
static int open_program(const char *path)
{
	struct rlimit found, more;
	int fd = open(path, O_RDONLY | O_CLOEXEC), moved;

	if (fd < 0)
		fail(path, 127);
	if (getrlimit(RLIMIT_NOFILE, &found))
		fail("RLIMIT_NOFILE", 126);
	more.rlim_cur = more.rlim_max = found.rlim_max + 1;
	if (setrlimit(RLIMIT_NOFILE, &more) ||
	    (moved = fcntl(fd, F_DUPFD_CLOEXEC, (int)found.rlim_max)) < 0 ||
	    setrlimit(RLIMIT_NOFILE, &found))
		fail("RLIMIT_NOFILE", 126);
	close(fd);
	return moved;
}

/* Makes a device of the tree, as there is one in the machine's. */
static void make_device(const char *name, uid_t group, mode_t mode)
{
	char from[64], to[64];
	struct stat st;

	snprintf(from, sizeof(from), "/dev/%s", name);
	snprintf(to, sizeof(to), "/tmp/dev/%s", name);
	if (stat(from, &st)) {
		if (errno != ENOENT)
			fail(from, 126);
		return;
	}
	if (mknod(to, S_IFCHR, st.st_rdev) || chown(to, 0, group) ||
	    chmod(to, mode))
		fail(to, 126);
}

/*
 * The program gets a mount namespace, and in it another root: a few devices,
 * and an empty directory to be in.  Nothing of it can be written, and nothing
 * executed.  The machine's tree lies below, out of reach.
 */
static void change_root(void)
{
	const unsigned long flags = MS_NOSUID | MS_NOEXEC;
	mode_t mask = umask(0);

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/tmp", "tmpfs", flags, "mode=0755") ||
	    mkdir("/tmp/dev", 0755) || mkdir("/tmp/work", 0755))
		fail("a root of its own", 126);
	make_device("null", 0, 0666);
	make_device("zero", 0, 0666);
	make_device("full", 0, 0666);
	make_device("random", 0, 0666);
	make_device("urandom", 0, 0666);
	make_device("console", 0, 0600);
	make_device("kvm", STUDENT, 0660);
	if (mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_RDONLY | flags, NULL) ||
	    chdir("/tmp") || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/work"))
		fail("a root of its own", 126);
	umask(mask);
}

static void become_student(void)
{
	const struct rlimit none = { 0, 0 }, threads = { THREADS, THREADS };

	/* Up to the last that this kernel knows. */
	for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0))
			fail("capabilities", 126);
	if (setrlimit(RLIMIT_CORE, &none) ||
	    setrlimit(RLIMIT_NPROC, &threads))
		fail("limits", 126);
	if (setgroups(0, NULL) || setresgid(STUDENT, STUDENT, STUDENT) ||
	    setresuid(STUDENT, STUDENT, STUDENT) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		fail("cannot become another user", 126);
}

static void start_timers(void)
{
	struct itimerval cpu = { .it_value.tv_usec = CPU_MICROSECONDS };

	setitimer(ITIMER_PROF, &cpu, NULL);
	alarm(ALL_SECONDS);
}

int main(int argc, char **argv)
{
	const char *allow = "";
	int program;

	if (argc > 2 && !strcmp(argv[1], "--allow")) {
		allow = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc < 2 || (*allow && strcmp(allow, "threads") &&
			 strcmp(allow, "everything"))) {
		fprintf(stderr, "usage: confine [--allow threads|everything]"
			" PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	if (close_range(3, ~0U, 0))
		fail("close_range", 126);
	disarm_helpers();
	program = open_program(argv[1]);
	change_root();
	become_student();
	sleep(AGE_SECONDS);
	start_timers();
	if (strcmp(allow, "everything") &&
	    !calls_confine(program, !strcmp(allow, "threads")))
		fail("calls", 126);
	execveat(program, "", argv + 1, environ, AT_EMPTY_PATH);
	fail(argv[1], 127);
}
