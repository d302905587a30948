/* SPDX-License-Identifier: MIT */
/* Exercise 16, build: a program that plays the firmware. */
#include "vmm.h"

/* PSCI's functions: 32 of each kind, and two that we know. */
enum {
	PSCI_32 = 0x84000000u,
	PSCI_64 = 0xc4000000u,
	PSCI_COUNT = 32,
	PSCI_VERSION = PSCI_32,
	SYSTEM_OFF = PSCI_32 + 8,
};

/* Has a range of PSCI's functions come out to the program. */
static void forward(int vm, uint32_t base)
{
	struct kvm_smccc_filter filter = {
		.base = base,
		.nr_functions = PSCI_COUNT,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr, "Is it taken?");
}

/* Prints a call and answers it. */
static void handle_hypercall(int vcpu, const struct kvm_run *run)
{
	int smc = run->hypercall.flags & KVM_HYPERCALL_EXIT_SMC;
	uint64_t result = -1;

	printf("%s 0x%llx\n", smc ? "smc" : "hvc", run->hypercall.nr);
	if (run->hypercall.nr == PSCI_VERSION)
		result = 1 << 16;
	set_reg(vcpu, CORE_REG(regs.regs[0]), result);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	forward(vm, PSCI_32);
	forward(vm, PSCI_64);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_HYPERCALL)
			handle_hypercall(vcpu, run);
	} while (run->exit_reason != KVM_EXIT_HYPERCALL ||
		 run->hypercall.nr != SYSTEM_OFF);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
