/* SPDX-License-Identifier: MIT */
/* Exercise 15, change: four processors. */
#include "vmm.h"

int main(void)
{
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, psci);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	printf("%llu processors\n", (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.regs[19])));
	return 0;
}
