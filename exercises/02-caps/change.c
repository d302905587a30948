/* SPDX-License-Identifier: MIT */
/* Exercise 2, change: questions that are put the wrong way. */
#include "kvmbook.h"

static int ask(int kvm, int cap)
{
	return ioctl(kvm, KVM_CHECK_EXTENSION, &cap);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	if (ask(kvm, KVM_CAP_MAX_VCPUS))
		printf("vCPUs: %d\n", ask(kvm, KVM_CAP_MAX_VCPUS));
	if (ask(kvm, KVM_CAP_MSI_DEVID))
		printf("MSI device IDs: yes\n");
	return 0;
}
