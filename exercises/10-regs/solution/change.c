/* SPDX-License-Identifier: MIT */
/* Exercise 10, change: registers, but not in the way of x86. */
#include <stddef.h>
#include <stdint.h>
#include "kvmbook.h"

#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))
#define ID_AA64PFR0_EL1	ARM64_SYS_REG(3, 0, 0, 4, 0)

static uint64_t get_reg(int vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
		  "This vCPU has no such register.");
	return value;
}

static void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register.");
}

static void print_reg(int vcpu, const char *name, uint64_t id)
{
	printf("%s 0x%llx\n", name,
	       (unsigned long long)get_reg(vcpu, id));
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	struct kvm_vcpu_init init;
	uint64_t pfr0;

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No processor.");
	set_reg(vcpu, CORE_REG(regs.regs[0]), 42);
	set_reg(vcpu, CORE_REG(regs.pc), 0x40000000);
	set_reg(vcpu, CORE_REG(sp_el1), 0x40010000);
	print_reg(vcpu, "x0", CORE_REG(regs.regs[0]));
	print_reg(vcpu, "pc", CORE_REG(regs.pc));
	print_reg(vcpu, "sp_el1", CORE_REG(sp_el1));
	print_reg(vcpu, "pstate", CORE_REG(regs.pstate));

	pfr0 = get_reg(vcpu, ID_AA64PFR0_EL1);
	set_reg(vcpu, ID_AA64PFR0_EL1, (pfr0 & ~0xfULL) | 1);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
