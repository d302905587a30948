/* SPDX-License-Identifier: MIT */
/* Exercise 10, change: registers, but not in the way of x86. */
#include <stddef.h>
#include <stdint.h>
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	struct kvm_vcpu_init init;
	struct kvm_regs regs;

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No processor.");
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
