/* SPDX-License-Identifier: MIT */
/* Exercise 14, build: who changes a variable of the guest? */
#include "vmm.h"

extern const char guest_watched[];

/* Bits of the register that controls a watchpoint. */
enum {
	ENABLED = 1 << 0,
	AT_EL1 = 1 << 1,
	STORES = 2 << 3,
	EIGHT_BYTES = 0xff << 5,
};

/* Runs the guest to its next exit, debugged in one way. */
static uint32_t run_once(int vcpu, struct kvm_run *run, uint32_t how)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | how,
		.arch.dbg_wvr[0] = MEMORY_AT + (guest_watched - guest),
		.arch.dbg_wcr[0] = ENABLED | AT_EL1 | STORES |
				   EIGHT_BYTES,
	};

	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	return run->exit_reason;
}

/* Prints where a store is, and what it stores. */
static void print_store(int vcpu)
{
	printf("0x%llx %llu\n", (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.pc)), (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.regs[0])));
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

	while (run_once(vcpu, run, KVM_GUESTDBG_USE_HW) ==
	       KVM_EXIT_DEBUG) {
		print_store(vcpu);
		run_once(vcpu, run, KVM_GUESTDBG_SINGLESTEP);
	}
	if (run->exit_reason != KVM_EXIT_MMIO) {
		print_exit(vcpu, run);
		return 1;
	}
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
