/* SPDX-License-Identifier: MIT */
/* Exercise 20, change: a VM that takes breaks, and time with it. */
#include "bus.h"
#include "gic.h"

enum { MISSED = 0, BREAK = 8, BREAKS = 24 };

static int vcpu, breaks;

static uint64_t tell(uint64_t offset)
{
	return offset == BREAKS ? breaks : 0;
}

static void hear(uint64_t offset, uint64_t value)
{
	uint64_t now;

	switch (offset) {
	case BREAK:
		now = get_reg(vcpu, KVM_REG_ARM_TIMER_CNT);
		usleep(410000);
		set_reg(vcpu, KVM_REG_ARM_TIMER_CNT, now);
		break;
	case MISSED:
		printf("%d missed\n", (int)value);
		power = false;
		break;
	}
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .read = tell, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);

	if (argc != 2)
		return 2;
	breaks = atoi(argv[1]);
	load_guest(vm);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 0);
	finish_gic(create_gic(vm), 64);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
