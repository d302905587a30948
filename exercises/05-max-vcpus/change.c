/* SPDX-License-Identifier: MIT */
/* Exercise 5, change: two VMs, and both of them full. */
#include <sys/resource.h>
#include "kvmbook.h"

/* Makes vCPUs until KVM makes no more; returns how many. */
static int fill(int vm)
{
	int count = 0;

	while (ioctl(vm, KVM_CREATE_VCPU, count) >= 0)
		count++;
	return count;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int first = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int second = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");

	printf("first VM: %d vCPUs\n", fill(first));
	printf("second VM: %d vCPUs\n", fill(second));
	return 0;
}
