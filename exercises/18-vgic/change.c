/* SPDX-License-Identifier: MIT */
/* Exercise 18, change: a GIC, built in the wrong order. */
#include "gic.h"

int main(int argc, char **argv)
{
	uint64_t dist = GICD_AT, redist = GICR_AT, found;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu, gic;
	struct kvm_run *run;

	if (argc != 3)
		return 2;
	(void)argv;
	load_guest(vm);
	gic = create_gic(vm);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	add_vcpu(vm, 1, 0);

	memcpy(&found, run->mmio.data, 8);
	printf("%d redistributors, %d INTIDs\n", (int)(found >> 32),
	       (int)((found & 31) + 1) * 32);
	return 0;
}
