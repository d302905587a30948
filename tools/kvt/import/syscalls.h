/* SPDX-License-Identifier: MIT */
/* System calls of a recorded program: what each descriptor is, and how a
 * call is written. */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct objects;

enum fd_kind { FD_OTHER, FD_SYSTEM, FD_VM, FD_VCPU, FD_DEVICE, FD_STATS,
	       FD_GUEST_MEMFD };

struct fds {
	unsigned char *kind;	/* enum fd_kind, by descriptor */
	unsigned char *device;	/* KVM_DEV_TYPE_... of a device; 0: unknown */
	unsigned int room;
};

/* What the argument of an ioctl points to, as it was passed. */
struct passed {
	uint64_t word[8];
	unsigned int size;	/* bytes of them that were read for sure */
};

struct syscall {
	long number;
	uint64_t arg[6];
	int64_t result;
	struct passed *passed;	/* or NULL */
};

/* The descriptors of a process that was forked. */
struct fds *fds_copy(const struct fds *f);
/* Frees what fds_copy() returned. */
void fds_free(struct fds *f);
/* FD is what a capture calls KIND, unless it is known to be something else;
 * false: there is no such kind. */
bool fds_set(struct fds *f, long fd, const char *kind);
/* Is the call worth a line although it woke no KVM function? */
bool syscall_concerns_kvm(const struct fds *f, const struct syscall *s);
/* Could it be, or does it change what a descriptor is? */
bool syscall_may_concern_kvm(const struct syscall *s);
/* Writes the arguments: "4:vm, KVM_CREATE_VCPU, 0". */
void syscall_print(struct buf *out, struct fds *f, struct objects *o,
		   const struct syscall *s);
void syscall_print_result(struct buf *out, struct fds *f, struct objects *o,
			  const struct syscall *s);
/* Learns from a call that has returned.  OPENED_KVM: it opened the device.
 * MADE: the descriptor that it made besides its result, or -1. */
void syscall_learn(struct fds *f, const struct syscall *s, bool opened_kvm,
		   int64_t made);
/* The call's name; a static string. */
const char *syscall_text(const struct syscall *s);

#endif
