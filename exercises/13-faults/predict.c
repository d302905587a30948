/* SPDX-License-Identifier: MIT */
/* Exercise 13, predict: read it, and answer in answers.txt. */
#include "vmm.h"

int main(void)
{
	struct kvm_enable_cap nisv = {
		.cap = KVM_CAP_ARM_NISV_TO_USER,
	};
	struct kvm_vcpu_events error = {
		.exception.serror_pending = 1,
	}, abort = {
		.exception.ext_dabt_pending = 1,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	kvm_ioctl(vm, KVM_ENABLE_CAP, &nisv, "Older than 5.5?");
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);
	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &error, "No vCPU.");

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_ARM_NISV ||
		    !run->mmio.is_write)
			kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &abort,
				  "No vCPU.");
	} while (run->exit_reason != KVM_EXIT_MMIO ||
		 run->mmio.phys_addr != 0x09000008);
	return 0;
}
