/* SPDX-License-Identifier: MIT */
/* Exercise 14, predict: read it, and answer in answers.txt. */
#include "vmm.h"

extern const char guest_count[];

/* Runs the guest to its next exit. */
static void run_once(int vcpu, uint32_t control, uint64_t address)
{
	struct kvm_guest_debug debug = {
		.control = control,
		.arch.dbg_wvr[0] = address,
		.arch.dbg_wcr[0] = 0xff << 5 | 2 << 3 | 1 << 1 | 1,
	};

	kvm_ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug, "A wrong bit?");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
}

int main(void)
{
	const uint32_t step = KVM_GUESTDBG_SINGLESTEP;
	const uint32_t watch = KVM_GUESTDBG_USE_HW;
	uint64_t count = MEMORY_AT + (guest_count - guest);
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	for (int i = 0; i < 9; i++)
		run_once(vcpu, KVM_GUESTDBG_ENABLE | step, 0);
	for (int i = 0; i < 8; i++)
		run_once(vcpu, KVM_GUESTDBG_ENABLE |
			 (i % 2 ? step : watch), count);
	set_reg(vcpu, CORE_REG(regs.pc),
		get_reg(vcpu, CORE_REG(regs.pc)) + 4);
	run_once(vcpu, KVM_GUESTDBG_ENABLE, 0);
	return run->exit_reason == KVM_EXIT_MMIO ? 0 : 1;
}
