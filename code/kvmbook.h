/* SPDX-License-Identifier: MIT */
/*
 * What every program of the book shares: it opens the device, and it
 * checks each ioctl.  Chapter 1 explains it line by line, but for the
 * last function, which is chapter 3's.
 */
/* [headers] */
#ifndef KVMBOOK_H
#define KVMBOOK_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/kvm.h>
/* [/headers] */

/* [open-advice] */
/* What a reader can do about an open() that failed. */
static inline const char *open_advice(int error)
{
	switch (error) {
	case ENOENT:
		return "No such file here.  If grep kvm /proc/misc"
		       " finds a line, KVM is\nready, and only the"
		       " file is missing: give your container the\n"
		       "device.  If not, ask why: dmesg | grep -i kvm";
	case EACCES:
		return "The file's permissions keep you out, or a"
		       " security module.  Join the\ngroup that ls -l"
		       " shows, log in again, or be root.";
	case EPERM:
		return "A device cgroup forbids it, even to root:"
		       " whoever started the\ncontainer must allow"
		       " the device.";
	case ENODEV:
	case ENXIO:
		return "No driver is behind this file: KVM is off, or"
		       " its module is not\nloaded.  On arm64, a"
		       " 32-bit program is told ENODEV too.";
	default:
		return "open(2) lists what can cause this.";
	}
}
/* [/open-advice] */

/* [open-kvm] */
/* Opens the device; returns its descriptor, or ends the program. */
static inline int open_kvm(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		int error = errno;

		fprintf(stderr, "open %s: %s\n%s\n", path,
			strerror(error), open_advice(error));
		exit(1);
	}
	return fd;
}
/* [/open-kvm] */

/* [check] */
/* Passes a result on, or says what failed and why and ends. */
static inline int check(int result, const char *file, int line,
			const char *call, const char *why)
{
	if (result < 0) {
		fprintf(stderr, "%s:%d: %s: %s\n%s\n", file, line, call,
			strerror(errno), why);
		exit(1);
	}
	return result;
}
/* [/check] */

/* [kvm-ioctl] */
/*
 * An ioctl that must work.  WHY tells the reader what a failure would
 * mean.  A macro, so that the call stands in the caller's own line.
 */
#define kvm_ioctl(fd, request, arg, why)			\
	check(ioctl((fd), (request), (arg)), __FILE__, __LINE__,\
	      #request, (why))
/* [/kvm-ioctl] */

/* [must] */
/* Any other system call that must work. */
#define must(call, why)						\
	check((call), __FILE__, __LINE__, #call, (why))
/* [/must] */

/* [must-fail] */
/* Reports a failure we asked for; anything else ends the program. */
static inline void must_fail(int result, int wanted,
			     const char *call, ...)
{
	int error = result < 0 ? errno : 0;
	va_list args;

	va_start(args, call);
	vfprintf(error == wanted ? stdout : stderr, call, args);
	va_end(args);
	if (error != wanted) {
		fprintf(stderr, ": expected \"%s\", but got \"%s\"\n",
			strerror(wanted), strerror(error));
		exit(1);
	}
	printf(": %s, as expected\n", strerror(error));
}

/*
 * An ioctl that must fail with the errno ERROR.  What we report has a
 * number's value, and only the name of a pointer, because that would
 * differ from run to run.
 */
#define kvm_ioctl_fails(fd, request, arg, error)		\
	must_fail(ioctl((fd), (request), (arg)), (error),	\
		  _Generic((arg), int: #request " with %d",	\
			   default: #request " with " #arg), (arg))
/* [/must-fail] */

/* [print-name] */
/* Prints what the kernel calls the file behind a descriptor. */
static inline void print_name(int fd)
{
	char path[32], name[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = must(readlink(path, name, sizeof(name)),
		      "Is /proc mounted?");
	printf("File descriptor %d is %.*s\n", fd, (int)length, name);
}
/* [/print-name] */

/* [end] */
#endif
/* [/end] */
