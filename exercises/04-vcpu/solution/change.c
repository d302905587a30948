/* SPDX-License-Identifier: MIT */
/* Exercise 4, change: three vCPUs, and one too many. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int vcpu[3];

	for (int id = 0; id < 3; id++)
		vcpu[id] = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
				     "No memory.");
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 1, EEXIST);

	for (int id = 0; id < 3; id++)
		must(close(vcpu[id]), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
