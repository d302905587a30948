/* SPDX-License-Identifier: MIT */
/* Exercise 20, build: a guest goes on, with the time that it had. */
#include "bus.h"
#include "gic.h"

static uint64_t counter(void)
{
	uint64_t value;

	asm volatile("isb; mrs %0, cntvct_el0" : "=r" (value));
	return value;
}

static uint64_t counter_hz(void)
{
	uint64_t value;

	asm("mrs %0, cntfrq_el0" : "=r" (value));
	return value;
}

static void hear(uint64_t offset, uint64_t value)
{
	static const char *const form[] = {
		"INTID %d, ", "clocks %d s ", "and %d s\n",
	};

	if (offset / 8 < 3)
		printf(form[offset / 8], (int)value);
	if (offset == 16)
		power = false;
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm), vcpu, intid;
	struct kvm_arm_counter_offset offset = { 0 };
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VCPU_TIMER_CTRL,
		.attr = KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
		.addr = (uintptr_t)&intid,
	};

	if (argc != 3)
		return 2;
	intid = atoi(argv[2]);
	load_guest(vm);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 0);
	finish_gic(create_gic(vm), 64);
	kvm_ioctl(vcpu, KVM_SET_DEVICE_ATTR, &attr, "No PPI.");
	offset.counter_offset = counter() - atoi(argv[1]) * counter_hz();
	kvm_ioctl(vm, KVM_ARM_SET_COUNTER_OFFSET, &offset, "Busy.");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
