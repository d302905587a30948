/* SPDX-License-Identifier: MIT */
/*
 * Link this into a program with -Wl,--wrap=ioctl.  At its end the program
 * prints a line for each KVM_RUN: the exit reason, how long it took, and how
 * long the program took since the one before, in nanoseconds, which are
 * instructions where the clock counts those.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <linux/kvm.h>

int __real_ioctl(int fd, unsigned long request, unsigned long arg);
int __wrap_ioctl(int fd, unsigned long request, ...);

enum { MAX_EXITS = 1000 };
static struct { unsigned int reason; long long begin, end; } exits[MAX_EXITS];
static int n_exits;

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

__attribute__((destructor)) static void say(void)
{
	for (int i = 1; i < n_exits; i++)
		fprintf(stderr, "exit %u %lld %lld\n", exits[i].reason,
			exits[i].end - exits[i].begin,
			exits[i].begin - exits[i - 1].end);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	static const struct kvm_run *run;
	unsigned long arg;
	va_list list;
	int result;

	va_start(list, request);
	arg = va_arg(list, unsigned long);
	va_end(list);
	if (request != KVM_RUN || n_exits == MAX_EXITS)
		return __real_ioctl(fd, request, arg);
	exits[n_exits].begin = now();
	result = __real_ioctl(fd, request, arg);
	exits[n_exits].end = now();
	if (!run)
		run = mmap(NULL, sizeof(*run), PROT_READ, MAP_SHARED, fd, 0);
	exits[n_exits++].reason = run == MAP_FAILED ? 0 : run->exit_reason;
	return result;
}
