/* SPDX-License-Identifier: MIT */
/* Exercise 2, change: questions that are put the wrong way. */
#include "kvmbook.h"

#define ask(kvm, cap)						\
	kvm_ioctl((kvm), KVM_CHECK_EXTENSION, (cap),		\
		  "KVM itself cannot say: " #cap)

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int answer;

	printf("vCPUs: %d\n", ask(kvm, KVM_CAP_MAX_VCPUS));
	printf("highest ID: %d\n", ask(kvm, KVM_CAP_MAX_VCPU_ID) - 1);
	printf("recommended: %d\n", ask(kvm, KVM_CAP_NR_VCPUS));

	answer = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MSI_DEVID);
	if (answer < 0 && errno == EINVAL)
		printf("MSI device IDs: ask a VM\n");
	else
		printf("MSI device IDs: %s\n",
		       answer > 0 ? "yes" : "no");

	must(close(kvm), "It was not open.");
	return 0;
}
