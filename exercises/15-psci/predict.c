/* SPDX-License-Identifier: MIT */
/* Exercise 15, predict: read it, and answer in answers.txt. */
#include "vmm.h"

int main(void)
{
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint32_t off = 1 << KVM_ARM_VCPU_POWER_OFF;
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu[4];

	load_guest(vm);
	vcpu[0] = add_vcpu(vm, 0, psci);
	vcpu[1] = add_vcpu(vm, 1, psci);
	vcpu[2] = add_vcpu(vm, 2, psci | off);
	vcpu[3] = add_vcpu(vm, 3, psci | off);
	set_reg(vcpu[0], CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu[0]);

	do
		kvm_ioctl(vcpu[0], KVM_RUN, 0, "It cannot run.");
	while (run->exit_reason == KVM_EXIT_MMIO);

	kvm_ioctl(vcpu[2], KVM_SET_MP_STATE, &runnable, "No state.");
	kvm_ioctl(vcpu[2], KVM_RUN, 0, "It cannot run.");
	return 0;
}
