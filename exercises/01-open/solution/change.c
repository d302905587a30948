/* SPDX-License-Identifier: MIT */
/* Exercise 1, change: a question that nobody hears fail. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int version = kvm_ioctl(kvm, KVM_GET_API_VERSION, 0,
				"This file is not the KVM device.");

	printf("version %d\n", version);
	kvm_ioctl_fails(kvm, KVM_CREATE_VCPU, 0, EINVAL);

	must(close(kvm), "It was not open.");
	return 0;
}
