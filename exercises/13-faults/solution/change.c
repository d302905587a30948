/* SPDX-License-Identifier: MIT */
/* Exercise 13, change: loads from where nothing is. */
#include "vmm.h"

/* Our devices, and where the guest reports what it has found. */
enum {
	FIRST_AT = 0x0a010000,
	SECOND_AT = 0x0a030000,
	REPORT_AT = 0x09000000,
};

/* Lets the access that has come out end in an external abort. */
static void let_fail(int vcpu)
{
	struct kvm_vcpu_events events = {
		.exception.ext_dabt_pending = 1,
	};

	kvm_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events, "Too old?");
}

/* Answers a load or a store: each device has a number. */
static void answer(int vcpu, struct kvm_run *run)
{
	uint64_t number;

	if (run->mmio.phys_addr == FIRST_AT) {
		number = 17;
	} else if (run->mmio.phys_addr == SECOND_AT) {
		number = 34;
	} else {
		let_fail(vcpu);
		return;
	}
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

	for (;;) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == REPORT_AT)
			break;
		answer(vcpu, run);
	}
	printf("%u devices\n", run->mmio.data[0]);
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
