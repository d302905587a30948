/* SPDX-License-Identifier: MIT */
/* Exercise 4, change: three vCPUs, and one too many. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");

	kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	return 0;
}
