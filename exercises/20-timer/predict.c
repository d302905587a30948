/* SPDX-License-Identifier: MIT */
/* Exercise 20, predict: read it, and answer in answers.txt. */
#include "gic.h"

/* How often the counter counts in a tenth of a second. */
static uint64_t tenth(void)
{
	uint64_t hz;

	asm("mrs %0, cntfrq_el0" : "=r" (hz));
	return hz / 10;
}

/* Sets the INTID of a vCPU's timer; the result is the ioctl's. */
static int set_intid(int vcpu, uint64_t timer, int intid)
{
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VCPU_TIMER_CTRL, .attr = timer,
		.addr = (uintptr_t)&intid,
	};

	return ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm), vcpu, other;
	uint64_t now;

	/* the first VM */
	load_guest(vm);
	vcpu = add_vcpu(vm, 0, 0);
	other = add_vcpu(vm, 1, 0);
	finish_gic(create_gic(vm), 64);
	set_intid(vcpu, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, 24);
	set_intid(other, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, 25);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	now = get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
	usleep(410000);
	set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, now + 21 * tenth() / 10);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	set_intid(other, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, 27);

	/* the second one */
	vm = create_vm(kvm);
	vcpu = add_vcpu(vm, 0, 0);
	finish_gic(create_gic(vm), 64);
	set_intid(vcpu, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, 30);
	ioctl(vcpu, KVM_RUN, 0);
	return 0;
}
