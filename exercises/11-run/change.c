/* SPDX-License-Identifier: MIT */
/* Exercise 11, change: five squares. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_run *run;
	uint32_t value;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	memcpy(&value, run->mmio.data, sizeof(value));
	printf("%u\n", value);
	return 0;
}
