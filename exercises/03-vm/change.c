/* SPDX-License-Identifier: MIT */
/* Exercise 3, change: a VM as wide as the host allows. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm, vcpus;

	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	vcpus = kvm_ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS,
			  "This cannot fail.");
	printf("VM %d can have %d vCPUs\n", vm, vcpus);

	must(close(kvm), "It was not open.");
	return 0;
}
