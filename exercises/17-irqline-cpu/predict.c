/* SPDX-License-Identifier: MIT */
/* Exercise 17, predict: read it, and answer in answers.txt. */
#include "irq.h"

int main(void)
{
	const uint32_t irq = cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ);
	const uint32_t fiq = cpu_pin(0, KVM_ARM_IRQ_CPU_FIQ);
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	set_line(vm, irq, true);
	set_line(vm, irq, true);
	set_line(vm, fiq, false);
	set_line(vm, irq, false);
	set_line(vm, irq, true);

	do {
		run_once(vcpu, run);
		if (run->mmio.phys_addr == 0x09000008)
			set_line(vm, fiq, true);
		if (run->mmio.phys_addr == 0x09000010 &&
		    run->mmio.data[0] == 3)
			set_line(vm, irq, false);
	} while (run->mmio.phys_addr != 0x09000000);
	return 0;
}
