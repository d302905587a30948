/* SPDX-License-Identifier: MIT */
/* Exercise 17, change: a timer without a GIC. */
#include "irq.h"

int main(int argc, char **argv)
{
	int ticks = argc > 1 ? atoi(argv[1]) : 3;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[19]), ticks);
	run = map_run(kvm, vcpu);

	do
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	while (run->mmio.phys_addr != 0x09000000);
	printf("%d ticks\n", run->mmio.data[0]);
	return 0;
}
