/* SPDX-License-Identifier: MIT */
/* Exercise 18, build: redistributors in two places. */
#include "gic.h"

/* Sets one of the addresses. */
static void set_address(int gic, uint64_t type, uint64_t value)
{
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_ADDR, type, &value);
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu, gic;
	struct kvm_run *run;
	uint64_t a, b, typer;

	if (argc != 3)
		return 2;
	a = atoi(argv[1]);
	b = atoi(argv[2]);
	load_guest(vm);
	gic = create_gic(vm);
	vcpu = add_vcpu(vm, 0, 0);
	for (unsigned int i = 1; i < a + b; i++)
		add_vcpu(vm, i, 0);
	set_address(gic, KVM_VGIC_V3_ADDR_TYPE_DIST, GICD_AT);
	set_address(gic, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
		    a << 52 | GICR_AT);
	set_address(gic, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
		    b << 52 | 0x0a000000 | 1);
	set_gic(gic, KVM_DEV_ARM_VGIC_GRP_CTRL,
		KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	memcpy(&typer, run->mmio.data, 8);
	printf("vCPU %d\n", (int)(typer >> 8 & 0xffff));
	return 0;
}
