/* SPDX-License-Identifier: MIT */
/* Exercise 3, change: a VM as wide as the host allows. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm, vcpus, bits;

	bits = kvm_ioctl(kvm, KVM_CHECK_EXTENSION,
			 KVM_CAP_ARM_VM_IPA_SIZE, "This cannot fail.");
	if (!bits) {
		fprintf(stderr, "This KVM has one width only.\n");
		return 1;
	}
	vm = kvm_ioctl(kvm, KVM_CREATE_VM,
		       KVM_VM_TYPE_ARM_IPA_SIZE(bits), "No memory.");
	printf("%d bits\n", bits);
	kvm_ioctl_fails(kvm, KVM_CREATE_VM,
			KVM_VM_TYPE_ARM_IPA_SIZE(bits + 1), EINVAL);

	vcpus = kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS,
			  "This cannot fail.");
	printf("%d vCPUs\n", vcpus);

	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
