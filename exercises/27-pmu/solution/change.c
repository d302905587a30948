/* SPDX-License-Identifier: MIT */
/* Exercise 27, change: take one event from the guest. */
#include "bus.h"
#include "pmu.h"

static uint64_t increments;

static uint64_t say(uint64_t offset)
{
	return offset == 24 ? increments : 0;
}

static void hear(uint64_t offset, uint64_t value)
{
	static const char *const names[] = {
		"cycles", "instructions", "increments",
	};

	if (offset / 8 < 2)
		printf("%s: %s\n", names[offset / 8],
		       value ? "some" : "0");
	if (offset == 16) {
		printf("%s: %d\n", names[2], (int)value);
		power = false;
	}
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .read = say, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm), vcpu;

	if (argc != 3)
		return 2;
	increments = atoi(argv[2]);
	load_guest(vm);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PMU_V3);
	finish_gic(create_gic(vm), 64);
	deny_event(vcpu, atoi(argv[1]));
	finish_pmu(vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
