/* SPDX-License-Identifier: MIT */
/* Exercise 13, predict: read it, and answer in answers.txt. */
#include "vmm.h"

int main(void)
{
	struct kvm_vcpu_events abort = {
		.exception.ext_dabt_pending = 1,
	};
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
		if (!run->mmio.is_write)
			kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &abort,
				  "No vCPU.");
	} while (run->mmio.phys_addr != 0x09000008);
	return 0;
}
