/* SPDX-License-Identifier: MIT */
/* Exercise 19, build: two vCPUs take turns, and one calls the other. */
#include "lines.h"

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpus[2], gic;
	struct kvm_run *run[2];

	if (argc != 2)
		return 2;
	load_guest(vm);
	for (int i = 0; i < 2; i++) {
		vcpus[i] = add_vcpu(vm, i, 0);
		run[i] = map_run(kvm, vcpus[i]);
		set_reg(vcpus[i], CORE_REG(regs.pc), MEMORY_AT);
		set_reg(vcpus[i], CORE_REG(regs.regs[0]), i);
	}
	gic = create_gic(vm);
	finish_gic(gic, 64);

	for (int n = atoi(argv[1]); n > 0; n--) {
		kvm_ioctl(vcpus[0], KVM_RUN, 0, "vCPU 0 cannot run.");
		kvm_ioctl(vcpus[1], KVM_RUN, 0, "vCPU 1 cannot run.");
	}
	printf("%d calls\n", run[1]->mmio.data[0]);
	return 0;
}
