/* SPDX-License-Identifier: MIT */
/* Exercise 11, change: five squares. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0, "?");
	struct kvm_run *run;
	uint32_t value;
	int vcpu;

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	run = map(vcpu, size);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);

	for (int i = 0; i < 5; i++) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO) {
			print_exit(vcpu, run);
			return 1;
		}
		memcpy(&value, run->mmio.data, sizeof(value));
		printf("%u\n", value);
	}

	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	printf("pc 0x%llx\n", (unsigned long long)
	       get_reg(vcpu, CORE_REG(regs.pc)));

	must(munmap(run, size), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
