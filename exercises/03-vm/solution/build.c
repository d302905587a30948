/* SPDX-License-Identifier: MIT */
/* Exercise 3, build: the widths of a guest's addresses, by trying. */
#include "kvmbook.h"

/* Whether KVM makes a VM whose addresses have so many bits. */
static int works(int kvm, int bits)
{
	int vm = ioctl(kvm, KVM_CREATE_VM,
		       KVM_VM_TYPE_ARM_IPA_SIZE(bits));

	if (vm < 0 && errno == EINVAL)
		return 0;
	check(vm, __FILE__, __LINE__, "KVM_CREATE_VM",
	      "No memory, or no file descriptor left.");
	must(close(vm), "It was not open.");
	return 1;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int smallest = 0, largest = 0;

	for (int bits = 1; bits <= 64; bits++) {
		if (!works(kvm, bits))
			continue;
		if (!smallest)
			smallest = bits;
		largest = bits;
	}
	must(close(kvm), "It was not open.");
	if (!smallest) {
		fprintf(stderr, "No width works.\n");
		return 1;
	}
	printf("%d to %d\n", smallest, largest);
	return 0;
}
