// SPDX-License-Identifier: MIT
/* Names of system calls, ioctls and capabilities, from uapi.tsv. */
#include <stdlib.h>
#include <string.h>

#include "kvt.h"
#include "names.h"

struct name_row {
	const char *name;
	unsigned long long value;
};

/* uapi.inc is made from traces/RELEASE/uapi.tsv; sorted by value, then
 * name, within each kind. */
#define KVT_IOCTL(name, value) { name, value },
#define KVT_CAP(name, value)
#define KVT_EXIT(name, value)
#define KVT_SYSCALL(name, value)
static const struct name_row ioctls[] = {
#include "uapi.inc"
};
#undef KVT_IOCTL
#define KVT_IOCTL(name, value)
#undef KVT_CAP
#define KVT_CAP(name, value) { name, value },
static const struct name_row caps[] = {
#include "uapi.inc"
};
#undef KVT_CAP
#define KVT_CAP(name, value)
#undef KVT_SYSCALL
#define KVT_SYSCALL(name, value) { name, value },
static const struct name_row syscalls[] = {
#include "uapi.inc"
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char *find(const struct name_row *row, size_t n,
			unsigned long long value, size_t skip)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (row[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	low += skip;
	return low < n && row[low].value == value ? row[low].name : NULL;
}

const char *syscall_name(long number)
{
	return find(syscalls, COUNT(syscalls), number, 0);
}

const char *cap_name(unsigned long number)
{
	return find(caps, COUNT(caps), number, 0);
}

/*
 * One number has two names: KVM_ARM_SET_DEVICE_ADDR on a VM is
 * KVM_GET_ONE_REG on a vCPU.  The table has them in order of the alphabet.
 */
const char *ioctl_name(unsigned int request, bool on_vcpu)
{
	const char *name = find(ioctls, COUNT(ioctls), request, on_vcpu);

	return name ? name : find(ioctls, COUNT(ioctls), request, 0);
}
