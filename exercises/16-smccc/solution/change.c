/* SPDX-License-Identifier: MIT */
/* Exercise 16, change: two functions for the guest. */
#include "vmm.h"

enum { PRINT = 0x09000000, OFF = PRINT + 8 };

/* The functions that the guest may call. */
enum { MULTIPLY = 0xc6000000u, SUBTRACT = 0xc6000001u };

/* Prints the number that the guest has stored. */
static void print_result(const struct kvm_run *run)
{
	long long value;

	memcpy(&value, run->mmio.data, sizeof(value));
	printf("%lld\n", value);
}

/* Has the two functions come out to the program. */
static void forward(int vm)
{
	struct kvm_smccc_filter filter = {
		.base = MULTIPLY,
		.nr_functions = 2,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	kvm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr, "Older than 6.4?");
	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr, "Is it taken?");
}

/* Answers a call of the guest. */
static void handle_hypercall(int vcpu, const struct kvm_run *run)
{
	uint64_t a = get_reg(vcpu, CORE_REG(regs.regs[1]));
	uint64_t b = get_reg(vcpu, CORE_REG(regs.regs[2]));

	set_reg(vcpu, CORE_REG(regs.regs[0]),
		run->hypercall.nr == MULTIPLY ? a * b : a - b);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	forward(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_HYPERCALL)
			handle_hypercall(vcpu, run);
		else if (run->mmio.phys_addr == PRINT)
			print_result(run);
	} while (run->exit_reason != KVM_EXIT_MMIO ||
		 run->mmio.phys_addr != OFF);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
