/* SPDX-License-Identifier: MIT */
/*
 * System calls of a recorded program: how one is written, and what it changes
 * of the process: which descriptors are KVM's, and what is mapped where.
 *
 * In order of time, for each call: syscall_print() when it begins;
 * syscall_learn(), then syscall_print_result(), when it ends.  Running out of
 * memory ends the program; nothing else does.
 */
#ifndef KVT_SYSCALLS_H
#define KVT_SYSCALLS_H

#include <stdbool.h>
#include <stdint.h>

#include "import/fds.h"

struct buf;
struct objects;

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

/* The call's name; a static string, valid until the next call. */
const char *syscall_text(const struct syscall *s);
/* Is the call worth a line although it woke no KVM function? */
bool syscall_concerns_kvm(const struct fds *f, const struct syscall *s);
/* Could it be, or does it change what syscall_learn() knows?  Of its number
 * alone. */
bool syscall_may_concern_kvm(const struct syscall *s);
/* Writes the arguments: "4:vm, KVM_CREATE_VCPU, 0". */
void syscall_print(struct buf *out, struct fds *f, struct objects *o,
		   const struct syscall *s);
void syscall_print_result(struct buf *out, struct fds *f, struct objects *o,
			  const struct syscall *s);
/* Learns from a call that has returned.  OPENED_KVM: it opened the device.
 * MADE: the descriptor that it made besides its result, or -1. */
void syscall_learn(struct fds *f, struct objects *o, const struct syscall *s,
		   bool opened_kvm, int64_t made);

#endif
