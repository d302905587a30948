/* SPDX-License-Identifier: MIT */
/* Exercise 25, build: a guest that gives memory back. */
#define _GNU_SOURCE
#include "bus.h"
#include "gmem.h"

enum { RAM_AT = 0x50000000, PAGES = 64, PAGE = 4096 };
enum { SHARED = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED };

static int file, pages, sum;

static uint64_t tell(uint64_t offset)
{
	(void)offset;
	return pages;
}

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 8)
		must(fallocate(file, FALLOC_FL_PUNCH_HOLE |
			       FALLOC_FL_KEEP_SIZE, value * PAGE, PAGE),
		     "There is no such page.");
	else if (offset == 16)
		sum = value;
	else if (offset == 24)
		power = false;
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm, vcpu;
	struct kvm_run *run;

	if (argc != 2)
		return 2;
	pages = atoi(argv[1]);
	vm = create_vm(kvm);
	load_guest(vm);
	file = create_gmem(vm, PAGES * PAGE, SHARED);
	set_region(vm, gmem_region(1, RAM_AT, PAGES * PAGE, file, 0,
				   NULL));
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	while (power) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		handle_mmio(vcpu, run);
	}
	printf("sum %d\n", sum);
	return 0;
}
