/* SPDX-License-Identifier: MIT */
/* Exercise 19, change: a device of a machine that now has a GIC. */
#include "lines.h"

int main(int argc, char **argv)
{
	const uint32_t line = cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ);
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu;
	struct kvm_run *run;

	if (argc != 3)
		return 2;
	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	finish_gic(create_gic(vm), 64);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[19]), atoi(argv[2]));
	set_reg(vcpu, CORE_REG(regs.regs[21]), atoi(argv[1]));

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == 0x09000010)
			set_line(vm, line, true);
	} while (run->mmio.phys_addr != 0x09000000);
	printf("%d interrupts\n", run->mmio.data[0]);
	return 0;
}
