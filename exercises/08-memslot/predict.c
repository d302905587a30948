/* SPDX-License-Identifier: MIT */
/* Exercise 8, predict: read it, and answer in answers.txt. */
#include "vmm.h"

/* Asks for a slot, and does not mind if it is refused. */
static void set(int vm, int slot, uint64_t address, uint64_t size,
		void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	void *p = mmap(NULL, 0x40020000, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		       -1, 0);

	set(vm, 0, 0x40000000, 0x10000, p);		/* 1st */
	set(vm, 1, 0x40010000, 0x10000, p);		/* 2nd */
	set(vm, 1, 0x40010000, 0x10000, p);		/* 3rd */
	set(vm, 1, 0x40008000, 0x20000, p);		/* 4th */
	set(vm, 0, 0x40000000, 0, NULL);		/* 5th */
	set(vm, 1, 0x40008000, 0x10000, p);		/* 6th */
	set(vm, 0, 0x7fff0000, 0x40020000, p);		/* 7th */
	set(vm, 0, 0, 0, NULL);				/* 8th */
	return 0;
}
