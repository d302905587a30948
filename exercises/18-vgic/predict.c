/* SPDX-License-Identifier: MIT */
/* Exercise 18, predict: read it, and answer in answers.txt. */
#include "gic.h"

int main(void)
{
	uint64_t dist = GICD_AT, redist = GICR_AT;
	uint64_t region = 1ULL << 52 | GICR_AT;
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu, gic;

	/* the first VM */
	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	gic = create_gic(vm);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");

	/* the second one */
	vm = create_vm(kvm);
	gic = create_gic(vm);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &region);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR,
		KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	vcpu = add_vcpu(vm, 0, 0);
	add_vcpu(vm, 1, 0);
	ioctl(vcpu, KVM_RUN, 0);
	ioctl(vm, KVM_CREATE_VCPU, 2);
	return 0;
}
