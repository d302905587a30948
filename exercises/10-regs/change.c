/* SPDX-License-Identifier: MIT */
/* Exercise 10, change: registers, but not in the way of x86. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int vcpu = add_vcpu(vm, 0, 0);
	struct kvm_regs regs;

	kvm_ioctl(vcpu, KVM_GET_REGS, &regs, "This is not an x86.");
	regs.regs.regs[0] = 42;
	regs.regs.pc = 0x40000000;
	regs.sp_el1 = 0x40010000;
	kvm_ioctl(vcpu, KVM_SET_REGS, &regs, "This is not an x86.");
	kvm_ioctl(vcpu, KVM_GET_REGS, &regs, "This is not an x86.");
	printf("x0 0x%llx\n", regs.regs.regs[0]);
	printf("pc 0x%llx\n", regs.regs.pc);
	printf("sp_el1 0x%llx\n", regs.sp_el1);
	printf("pstate 0x%llx\n", regs.regs.pstate);
	return 0;
}
