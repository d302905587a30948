/* SPDX-License-Identifier: MIT */
/* Exercise 10, predict: read it, and answer in answers.txt. */
#include <stddef.h>
#include <stdint.h>
#include "kvmbook.h"

#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))
#define ID_AA64PFR0_EL1	ARM64_SYS_REG(3, 0, 0, 4, 0)

/* Creates the vCPU ID, with performance counters. */
static int add_vcpu(int vm, int id)
{
	struct kvm_vcpu_init init = {
		.target = KVM_ARM_TARGET_GENERIC_V8,
		.features = { 1 << KVM_ARM_VCPU_PMU_V3 },
	};
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id, "No memory.");

	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No counters.");
	return vcpu;
}

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
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int a = add_vcpu(vm, 0), b = add_vcpu(vm, 1);
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
