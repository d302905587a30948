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

/* Answers a load or a store. */
static void handle_mmio(struct kvm_run *run)
{
	static const char *next = text;
	uint32_t value = 0;

	switch (run->mmio.phys_addr) {
	case LEFT:
		value = strlen(next);
		break;
	case NEXT:
		value = *next++;
		break;
	case PRINT:
		putchar(run->mmio.data[0]);
		break;
	}
	if (!run->mmio.is_write)
		memcpy(run->mmio.data, &value, run->mmio.len);
}

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
		handle_mmio(run);
	} while (run->mmio.phys_addr != OFF);
	putchar('\n');

	run->immediate_exit = 1;
	if (ioctl(vcpu, KVM_RUN, 0) == 0 || errno != EINTR) {
		fprintf(stderr, "The guest was entered.\n");
		return 1;
	}
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
