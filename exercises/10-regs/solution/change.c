/* SPDX-License-Identifier: MIT */
/* Exercise 10, change: registers, but not in the way of x86. */
#include "vmm.h"

#define ID_AA64PFR0_EL1	ARM64_SYS_REG(3, 0, 0, 4, 0)

static void print_reg(int vcpu, const char *name, uint64_t id)
{
	printf("%s 0x%llx\n", name,
	       (unsigned long long)get_reg(vcpu, id));
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int vcpu = add_vcpu(vm, 0, 0);
	uint64_t pfr0;

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
