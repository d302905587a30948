// SPDX-License-Identifier: MIT
/*
 * Runs a submission inside the lab's machine, as a user who may use KVM and
 * nothing else: it must not reach the recorder, which is root's, nor the port
 * that leads to the host.
 *
 * usage: confine PROGRAM [ARGUMENT]...
 *
 * A program that has no end is ended by SIGPROF or SIGALRM, so that there is a
 * capture of what it did.
 *
 * Exit status: the program's; 126: the user could not be changed; 127: the
 * program could not be started.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define STUDENT 1000	/* user and group; nobody else in the machine has it */
/* Of the machine's time, which counts instructions, 10^9 of them a second:
 * what an exercise may use of the processor, where it takes a hundredth, and
 * how long it may last (QEMU does not wait when the machine is idle, but for
 * QEMU 8). */
#define CPU_MICROSECONDS 250000
#define ALL_SECONDS 5

static int cannot(const char *what, int status)
{
	fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	struct itimerval cpu = { .it_value.tv_usec = CPU_MICROSECONDS };

	if (argc < 2) {
		fprintf(stderr, "usage: confine PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	/* As udev does it for the group kvm; there is no udev here. */
	if ((chown("/dev/kvm", 0, STUDENT) || chmod("/dev/kvm", 0660)) &&
	    errno != ENOENT)
		return cannot("/dev/kvm", 126);
	if (close_range(3, ~0U, 0))
		return cannot("close_range", 126);
	if (setgroups(0, NULL) || setresgid(STUDENT, STUDENT, STUDENT) ||
	    setresuid(STUDENT, STUDENT, STUDENT) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return cannot("cannot become another user", 126);
	setitimer(ITIMER_PROF, &cpu, NULL);
	alarm(ALL_SECONDS);
	execv(argv[1], argv + 1);
	return cannot(argv[1], 127);
}
