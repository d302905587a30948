/* SPDX-License-Identifier: MIT */
/* Exercise 8, change: more memory, and a flash. */
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

static void set(int vm, int slot, unsigned int flags, uint64_t address,
		uint64_t size, void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "It overlaps another, or cannot be changed so.");
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	char *memory = mmap(NULL, 0x30000, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *flash = memory + 0x20000;

	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	set(vm, 0, 0, 0x40000000, 0x10000, memory);
	set(vm, 1, 0, 0x40010000, 0x10000, memory + 0x10000);

	set(vm, 2, KVM_MEM_READONLY, 0, 0x10000, flash);
	set(vm, 2, 0, 0, 0, flash);
	set(vm, 2, 0, 0, 0x10000, flash);

	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
