/* SPDX-License-Identifier: MIT */
/* Exercise 19, predict: read it, and answer in answers.txt. */
#include "lines.h"

int main(void)
{
	struct kvm_irq_level last = { .irq = spi(64), .level = 1 };
	int kvm = open_kvm("/dev/kvm"), taken = 0;
	int vm = create_vm(kvm), vcpu, gic;
	struct kvm_run *run;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	gic = create_gic(vm);
	finish_gic(gic, 64);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	set_line(vm, spi(32), true);		/* a level */
	set_line(vm, spi(32), false);
	set_line(vm, spi(33), true);		/* an edge */
	set_line(vm, spi(33), false);
	set_line(vm, spi(33), true);
	set_line(vm, ppi(0, 20), true);		/* a level */
	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == 0x09000010 &&
		    run->mmio.data[0] == 20 && ++taken == 3)
			set_line(vm, ppi(0, 20), false);
	} while (run->mmio.phys_addr != 0x09000000);
	ioctl(vm, KVM_IRQ_LINE, &last);
	return 0;
}
