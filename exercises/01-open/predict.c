/* SPDX-License-Identifier: MIT */
/* Exercise 1, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"

int main(void)
{
	int first, null, second, third;

	first = open_kvm("/dev/kvm");
	null = open_kvm("/dev/null");
	second = open_kvm("/dev/kvm");
	must(close(first), "It was not open.");
	third = open_kvm("/dev/kvm");

	kvm_ioctl(second, KVM_GET_API_VERSION, 0, "Not KVM?");
	kvm_ioctl_fails(null, KVM_GET_API_VERSION, 0, ENOTTY);
	kvm_ioctl_fails(third, KVM_GET_API_VERSION, second, EINVAL);
	kvm_ioctl_fails(third, KVM_CREATE_VCPU, 0, EINVAL);

	must(close(second), "It was not open.");
	kvm_ioctl_fails(second, KVM_RUN, 0, EBADF);
	kvm_ioctl_fails(third, KVM_RUN, 0, EINVAL);

	must(close(null), "It was not open.");
	must(close(third), "It was not open.");
	return 0;
}
