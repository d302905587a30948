/* SPDX-License-Identifier: MIT */
/* Exercise 14, change: every call of a function. */
#include "vmm.h"

extern const char guest_work[];

/* Prints the call that the guest is about to make. */
static void print_call(int vcpu)
{
	printf("work(%llu)\n", (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.regs[0])));
}

int main(void)
{
	struct kvm_guest_debug debug = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW,
		.arch.dbg_bvr[0] = MEMORY_AT + (guest_work - guest),
		.arch.dbg_bcr[0] = 0xf << 5 | 1 << 1 | 1 << 0,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	if (run->exit_reason == KVM_EXIT_DEBUG)
		print_call(vcpu);
	return 0;
}
