/* SPDX-License-Identifier: MIT */
/* Exercise 12, change: a terminal that answers. */
#include "vmm.h"

/* The registers of the terminal: addresses for the guest. */
enum {
	LEFT = 0x09000000,	/* load 4 bytes: characters left */
	NEXT = LEFT + 4,	/* load 1 byte: the next of them */
	PRINT = LEFT + 8,	/* store 1 byte: print it */
	OFF = LEFT + 12,	/* store 4 bytes: power off */
	COLOR = LEFT + 16,	/* store 8 bytes: nothing to do */
};

/* What the guest is to read. */
static const char text[] = "two halves";

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	printf("for the guest: %s\n", text);
	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == PRINT)
			putchar(run->mmio.data[0]);
	} while (run->mmio.phys_addr != OFF);
	putchar('\n');
	return 0;
}
