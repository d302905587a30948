/* SPDX-License-Identifier: MIT */
/* Exercise 4, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"

int main(void)
{
	int kvm, vm, first, second;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	first = kvm_ioctl(vm, KVM_CREATE_VCPU, 7, "No memory.");
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 512, EINVAL);
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 7, EEXIST);
	second = kvm_ioctl(vm, KVM_CREATE_VCPU, 6, "No memory.");

	close(vm);
	close(first);
	close(kvm);
	close(second);
	return 0;
}
