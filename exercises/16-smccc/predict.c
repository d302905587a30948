/* SPDX-License-Identifier: MIT */
/* Exercise 16, predict: read it, and answer in answers.txt. */
#include "vmm.h"

/* Tries to set a filter for N functions from BASE on. */
static void set_filter(int vm, uint32_t base, uint32_t n, int action)
{
	struct kvm_smccc_filter filter = {
		.base = base, .nr_functions = n, .action = action,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	if (ioctl(vm, KVM_SET_DEVICE_ATTR, &attr) < 0)
		perror("filter");
}

int main(void)
{
	const int out = KVM_SMCCC_FILTER_FWD_TO_USER;
	const int deny = KVM_SMCCC_FILTER_DENY;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	set_filter(vm, 0xc6000000, 16, out);
	set_filter(vm, 0xc600000f, 16, deny);
	set_filter(vm, 0xc6000020, 1, deny);
	set_filter(vm, 0x84000000, 32, out);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_HYPERCALL)
			set_reg(vcpu, CORE_REG(regs.regs[0]), 20);
		set_filter(vm, 0xc6000040, 0, deny);
	} while (run->exit_reason == KVM_EXIT_HYPERCALL);
	return 0;
}
