/* SPDX-License-Identifier: MIT */
/* Exercise 13, change: loads from where nothing is. */
#include "vmm.h"

/* Our devices, and where the guest reports what it has found. */
enum {
	FIRST_AT = 0x0a010000,
	SECOND_AT = 0x0a030000,
	REPORT_AT = 0x09000000,
};

/* Answers a load: each device has a number. */
static void answer(struct kvm_run *run)
{
	uint64_t number = 0;

	if (run->mmio.phys_addr == FIRST_AT)
		number = 17;
	else if (run->mmio.phys_addr == SECOND_AT)
		number = 34;
	memcpy(run->mmio.data, &number, run->mmio.len);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	while (run->mmio.phys_addr != REPORT_AT) {
		answer(run);
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	}
	printf("%u devices\n", run->mmio.data[0]);
	return 0;
}
