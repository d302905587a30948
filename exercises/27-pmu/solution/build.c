/* SPDX-License-Identifier: MIT */
/* Exercise 27, build: two records of stolen time. */
#include "bus.h"
#include "pmu.h"

static int told;		/* what the guest has told last */

static void hear(uint64_t offset, uint64_t value)
{
	if (offset == 8)
		told = value;
	if (offset == 16)
		power = false;
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

/* Runs a vCPU to its end; returns the number of its record. */
static int ask(int kvm, int vm, int id, int record)
{
	int vcpu = add_vcpu(vm, id, 0);

	add_stolen_time(vcpu, MEMORY_AT + 64 * record);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	power = true;
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return told;
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm), n, first;

	if (argc != 2)
		return 2;
	n = atoi(argv[1]);
	load_guest(vm);
	add_device(board);
	first = ask(kvm, vm, 0, n);
	printf("records %d and %d\n", first, ask(kvm, vm, 1, n + 1));
	return 0;
}
