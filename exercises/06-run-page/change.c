/* SPDX-License-Identifier: MIT */
/* Exercise 6, change: five looks at one page. */
#include "kvmbook.h"
#include <sys/mman.h>

static unsigned int look(int kvm, int vcpu)
{
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			     "This cannot fail.");
	struct kvm_run *run = mmap(NULL, size, PROT_READ, MAP_PRIVATE,
				   vcpu, 0);

	return run->exit_reason;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");

	for (int i = 0; i < 5; i++)
		printf("exit_reason %u\n", look(kvm, vcpu));
	return 0;
}
