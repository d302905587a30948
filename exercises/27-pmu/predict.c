/* SPDX-License-Identifier: MIT */
/* Exercise 27, predict: read it, and answer in answers.txt. */
#include "pmu.h"

/* Sets an attribute of a vCPU; the result is the ioctl's. */
static int set(int vcpu, struct kvm_device_attr attr)
{
	return ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	int gic = create_gic(vm), vcpu, other, intid = PMU_INTID;
	uint64_t address = MEMORY_AT + 0x8000;
	unsigned int counters = 3;
	struct kvm_pmu_event_filter filter = {
		.base_event = 0x11, .nevents = 1,
		.action = KVM_PMU_EVENT_ALLOW,
	};

	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PMU_V3);
	other = add_vcpu(vm, 1, 1 << KVM_ARM_VCPU_PMU_V3);
	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &counters);
	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_FILTER, &filter);
	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_IRQ, &intid);
	set(vcpu, pmu_attr(KVM_ARM_VCPU_PMU_V3_INIT, NULL));
	finish_gic(gic, 64);
	set_pmu(vcpu, KVM_ARM_VCPU_PMU_V3_INIT, NULL);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	for (int i = 0; i < 4; i++)
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	set(other, pmu_attr(KVM_ARM_VCPU_PMU_V3_FILTER, &filter));
	add_stolen_time(other, address);
	set(other, stolen_attr(&address));
	return 0;
}
