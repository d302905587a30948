/* SPDX-License-Identifier: MIT */
/* Exercise 11, predict: read it, and answer in answers.txt. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int a, b;

	load_guest(vm);
	add_memory(vm, 1, 0x40200000, map(-1, MEMORY_SIZE),
		   MEMORY_SIZE, 0);
	add_memory(vm, 2, 0x80000000, map(-1, MEMORY_SIZE),
		   MEMORY_SIZE, 0);
	a = add_vcpu(vm, 0, 0);
	b = add_vcpu(vm, 1, 0);
	set_reg(a, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(b, CORE_REG(regs.pc), MEMORY_AT);

	kvm_ioctl(a, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(b, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(a, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(b, KVM_RUN, 0, "The guest cannot run.");
	return 0;
}
