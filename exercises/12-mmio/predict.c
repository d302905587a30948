/* SPDX-License-Identifier: MIT */
/* Exercise 12, predict: read it, and answer in answers.txt. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	int vcpu, times = 0;

	load_guest(vm);
	add_memory(vm, 1, 0x08000000, map(-1, MEMORY_SIZE),
		   MEMORY_SIZE, KVM_MEM_READONLY);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == 0x09000008) {
			run->mmio.data[0] = 100 + times++;
			if (times < 3)
				run->exit_reason = KVM_EXIT_UNKNOWN;
		}
	} while (run->mmio.phys_addr != 0x0900000c);

	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	return 0;
}
