/* SPDX-License-Identifier: MIT */
/* Exercise 13, build: a program that hears of exceptions. */
#include "vmm.h"

extern const char guest_vectors[];

enum { EXCEPTION_AT = 0x09000000, OFF_AT = EXCEPTION_AT + 8 };

#define ESR_EL1 ARM64_SYS_REG(3, 0, 5, 2, 0)
#define VBAR_EL1 ARM64_SYS_REG(3, 0, 12, 0, 0)

/* Prints the guest's exception, and lets it go on after it. */
static void handle_exception(int vcpu, struct kvm_run *run)
{
	uint64_t esr = get_reg(vcpu, ESR_EL1);
	uint64_t elr = get_reg(vcpu, CORE_REG(elr_el1));

	printf("class 0x%02x at 0x%llx\n", (int)(esr >> 26 & 0x3f),
	       (unsigned long long)elr);

	/* First finish the store that has brought us here. */
	run->immediate_exit = 1;
	if (ioctl(vcpu, KVM_RUN, 0) == 0 || errno != EINTR) {
		fprintf(stderr, "The guest was entered.\n");
		exit(1);
	}
	run->immediate_exit = 0;
	set_reg(vcpu, CORE_REG(regs.pc), elr + 4);
}

int main(int argc, char **argv)
{
	uint64_t times = argc > 1 ? atoi(argv[1]) : 0;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, VBAR_EL1, MEMORY_AT + (guest_vectors - guest));
	set_reg(vcpu, CORE_REG(regs.regs[0]), times);
	run = map_run(kvm, vcpu);

	for (;;) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO) {
			print_exit(vcpu, run);
			return 1;
		}
		if (run->mmio.phys_addr == OFF_AT)
			break;
		handle_exception(vcpu, run);
	}
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
