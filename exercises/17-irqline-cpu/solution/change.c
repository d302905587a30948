/* SPDX-License-Identifier: MIT */
/* Exercise 17, change: a timer without a GIC. */
#include "irq.h"

int main(int argc, char **argv)
{
	int ticks = argc > 1 ? atoi(argv[1]) : 3;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	bool level, before = false;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[19]), ticks);
	run = map_run(kvm, vcpu);

	do {
		run_once(vcpu, run);
		level = run->s.regs.device_irq_level &
			KVM_ARM_DEV_EL1_VTIMER;
		if (level != before)
			set_line(vm, cpu_pin(0, KVM_ARM_IRQ_CPU_IRQ),
				 level);
		before = level;
		if (run->exit_reason != KVM_EXIT_MMIO)
			continue;
		if (!run->mmio.is_write)
			memset(run->mmio.data, level, 1);
	} while (run->exit_reason != KVM_EXIT_MMIO ||
		 run->mmio.phys_addr != 0x09000000);
	printf("%d ticks\n", run->mmio.data[0]);
	return 0;
}
