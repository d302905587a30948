/* SPDX-License-Identifier: MIT */
/* Exercise 8, change: more memory, and a flash. */
#include "vmm.h"

int main(void)
{
	struct kvm_userspace_memory_region ram = {
		.slot = 0,
		.guest_phys_addr = 0x40000000,
		.memory_size = 0x10000,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	char *memory = map(-1, 0x20000);

	ram.userspace_addr = (uintptr_t)memory;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &ram, "It overlaps.");
	ram.memory_size = 0x20000;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &ram,
		  "A slot stays as large as it is.");
	return 0;
}
