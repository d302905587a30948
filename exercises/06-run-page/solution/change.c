/* SPDX-License-Identifier: MIT */
/* Exercise 6, change: five looks at one page. */
#include "kvmbook.h"
#include <sys/mman.h>

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			     "This cannot fail.");
	struct kvm_run *run = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_SHARED, vcpu, 0);

	must(run == MAP_FAILED ? -1 : 0, "No memory.");
	for (int i = 0; i < 5; i++)
		printf("exit_reason %u\n", run->exit_reason);

	must(munmap(run, size), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
