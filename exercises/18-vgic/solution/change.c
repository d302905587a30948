/* SPDX-License-Identifier: MIT */
/* Exercise 18, change: a GIC, built in an order that works. */
#include "gic.h"

int main(int argc, char **argv)
{
	uint64_t found;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu, gic;
	struct kvm_run *run;

	if (argc != 3)
		return 2;
	load_guest(vm);
	gic = create_gic(vm);
	vcpu = add_vcpu(vm, 0, 0);
	for (int i = 1; i < atoi(argv[1]); i++)
		add_vcpu(vm, i, 0);
	finish_gic(gic, atoi(argv[2]));
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");

	memcpy(&found, run->mmio.data, 8);
	printf("%d redistributors, %d INTIDs\n", (int)(found >> 32),
	       (int)((found & 31) + 1) * 32);
	return 0;
}
