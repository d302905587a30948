/* SPDX-License-Identifier: MIT */
/* Exercise 25, predict: read it, and answer in answers.txt. */
#define _GNU_SOURCE
#include "gmem.h"

enum { RAM_AT = 0x50000000, PAGES = 4, PAGE = 4096 };

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm), vcpu, file;
	struct kvm_userspace_memory_region2 region;
	uint32_t *ram;

	load_guest(vm);
	file = create_gmem(vm, PAGES * PAGE, GUEST_MEMFD_FLAG_MMAP |
			   GUEST_MEMFD_FLAG_INIT_SHARED);
	ram = map(file, PAGES * PAGE);
	set_region(vm, gmem_region(1, RAM_AT, PAGES * PAGE, file, 0,
				   ram));
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	/* The first turn. */
	ioctl(vcpu, KVM_RUN, 0);

	/* A hole of two pages: page 0 and page 1. */
	must(fallocate(file, FALLOC_FL_PUNCH_HOLE |
		       FALLOC_FL_KEEP_SIZE, 0, 2 * PAGE), "No hole.");
	ioctl(vcpu, KVM_RUN, 0);

	/* Another number in page 0, and then no mapping any more. */
	*ram = 40;
	munmap(ram, PAGES * PAGE);
	ioctl(vcpu, KVM_RUN, 0);

	/* A second slot, for page 3 alone. */
	region = gmem_region(2, 0x60000000, PAGE, file, 3 * PAGE, NULL);
	ioctl(vm, KVM_SET_USER_MEMORY_REGION2, &region);

	/* The end of the file, and a fourth turn. */
	close(file);
	ioctl(vcpu, KVM_RUN, 0);
	return 0;
}
