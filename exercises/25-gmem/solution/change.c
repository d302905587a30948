/* SPDX-License-Identifier: MIT */
/* Exercise 25, change: two slots, and the memory of one is lost. */
#include "bus.h"
#include "gmem.h"

enum { PAGE = 4096 };
enum { SHARED = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED };

/* Slots 1 and 2; file is -1 when it is closed. */
static struct memory {
	uint64_t address;
	int file;
} memory[] = {
	[1] = { 0x50000000, -1 }, [2] = { 0x51000000, -1 },
};

static int vm, to, which, counted[2];

/* Makes a file for slot N, and binds it. */
static void fill_slot(int n)
{
	memory[n].file = create_gmem(vm, PAGE, SHARED);
	set_region(vm, gmem_region(n, memory[n].address, PAGE,
				   memory[n].file, 0, NULL));
}

static void lose(int n)
{
	close(memory[n].file);
	memory[n].file = -1;
}

static uint64_t tell(uint64_t offset)
{
	(void)offset;
	return to;
}

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 8 && which)
		lose(which);
	else if (offset == 16)
		counted[0] = value;
	else if (offset == 20)
		counted[1] = value;
	else if (offset == 24)
		power = false;
}

/* Puts other memory where KVM has found none. */
static void repair(const struct kvm_run *run)
{
	for (int n = 1; n <= 2; n++) {
		if (memory[n].address != run->memory_fault.gpa)
			continue;
		set_region(vm, (struct kvm_userspace_memory_region2){
			   .slot = n });
		fill_slot(n);
		return;
	}
	fprintf(stderr, "no slot of ours\n");
	exit(1);
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu;
	struct kvm_run *run;

	if (argc != 3)
		return 2;
	to = atoi(argv[1]);
	which = atoi(argv[2]);
	vm = create_vm(kvm);
	load_guest(vm);
	for (int n = 1; n <= 2; n++)
		fill_slot(n);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	while (power) {
		if (!ioctl(vcpu, KVM_RUN, 0))
			handle_mmio(vcpu, run);
		else if (errno == EFAULT &&
			 run->exit_reason == KVM_EXIT_MEMORY_FAULT)
			repair(run);
		else
			return 1;
	}
	printf("slot 1: %d, slot 2: %d\n", counted[0], counted[1]);
	return 0;
}
