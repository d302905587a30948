/* SPDX-License-Identifier: MIT */
/* Exercise 11, build: let the guest compute. */
#include "vmm.h"

int main(int argc, char **argv)
{
	int kvm, vm, vcpu, size;
	struct kvm_run *run;
	uint64_t sum;

	if (argc != 3) {
		fprintf(stderr, "usage: %s A B\n", argv[0]);
		return 2;
	}
	kvm = open_kvm("/dev/kvm");
	size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0, "?");
	vm = create_vm(kvm);
	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	run = map(vcpu, size);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[0]),
		strtoull(argv[1], NULL, 0));
	set_reg(vcpu, CORE_REG(regs.regs[1]),
		strtoull(argv[2], NULL, 0));

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
	    run->mmio.len != sizeof(sum)) {
		print_exit(vcpu, run);
		return 1;
	}
	memcpy(&sum, run->mmio.data, sizeof(sum));
	printf("%llu\n", (unsigned long long)sum);

	must(munmap(run, size), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
