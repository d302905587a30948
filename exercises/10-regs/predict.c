/* SPDX-License-Identifier: MIT */
/* Exercise 10, predict: read it, and answer in answers.txt. */
#include "vmm.h"

#define ID_AA64PFR0_EL1	ARM64_SYS_REG(3, 0, 0, 4, 0)

/* Reads or writes a register; it may be refused. */
static void one_reg(int vcpu, unsigned long request, uint64_t id,
		    uint64_t *value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)value,
	};

	ioctl(vcpu, request, &reg);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int a = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PMU_V3);
	int b = add_vcpu(vm, 1, 1 << KVM_ARM_VCPU_PMU_V3);
	struct kvm_reg_list list = { .n = 0 };
	uint64_t value, was = 0;

	/* Refused twice: there is no room for the list. */
	ioctl(a, KVM_GET_REG_LIST, &list);
	list.n--;
	ioctl(a, KVM_GET_REG_LIST, &list);

	one_reg(a, KVM_GET_ONE_REG, CORE_REG(regs.pc) + 1, &value);

	/* The host's value ends in 2. */
	one_reg(a, KVM_GET_ONE_REG, ID_AA64PFR0_EL1, &was);
	value = was - 1;
	one_reg(a, KVM_SET_ONE_REG, ID_AA64PFR0_EL1, &value);
	value = was;
	one_reg(b, KVM_SET_ONE_REG, ID_AA64PFR0_EL1, &value);
	value = was + 1;
	one_reg(a, KVM_SET_ONE_REG, ID_AA64PFR0_EL1, &value);
	value = was - 2;
	one_reg(b, KVM_SET_ONE_REG, ID_AA64PFR0_EL1, &value);
	return 0;
}
