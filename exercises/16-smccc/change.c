/* SPDX-License-Identifier: MIT */
/* Exercise 16, change: two functions for the guest. */
#include "vmm.h"

enum { PRINT = 0x09000000, OFF = PRINT + 8 };

/* Prints the number that the guest has stored. */
static void print_result(const struct kvm_run *run)
{
	long long value;

	memcpy(&value, run->mmio.data, sizeof(value));
	printf("%lld\n", value);
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

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_MMIO &&
		    run->mmio.phys_addr == PRINT)
			print_result(run);
	} while (run->exit_reason != KVM_EXIT_MMIO ||
		 run->mmio.phys_addr != OFF);
	return 0;
}
