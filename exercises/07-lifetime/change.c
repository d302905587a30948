/* SPDX-License-Identifier: MIT */
/* Exercise 7, change: three VMs, one after the other. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	for (int i = 0; i < 3; i++) {
		int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");

		kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
		must(close(vm), "It was not open.");
	}
	return 0;
}
