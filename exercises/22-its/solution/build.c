/* SPDX-License-Identifier: MIT */
/* Exercise 22, build: a monitor that sets up the ITS. */
#include "bus.h"
#include "its.h"

enum { DEVICES_AT = 0x50000000, COLLECTIONS_AT = 0x50010000,
       QUEUE_AT = 0x50020000, ITT_AT = 0x50030000,
       TABLES_SIZE = 4 * 0x10000 };
enum { TAKEN = 0, READY = 8, DONE = 16 };

static int vm, its;
static uint32_t device, event, number;
static uint64_t *queue;

/* Sets a register of the ITS. */
static void set_its(uint64_t offset, uint64_t value)
{
	set_gic(its, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, offset, &value);
}

static void set_up(void)
{
	const uint64_t valid = 1ULL << 63;
	const uint64_t commands[] = {
		0x09, 0, valid, 0,				/* MAPC */
		(uint64_t)device << 32 | 0x08, 3, valid | ITT_AT, 0,
		(uint64_t)device << 32 | 0x0a,			/* MAPTI */
		(8192ULL + number) << 32 | event, 0, 0,
	};

	memcpy(queue, commands, sizeof(commands));
	set_its(0x100, valid | DEVICES_AT);
	set_its(0x108, valid | COLLECTIONS_AT);
	set_its(0x80, valid | QUEUE_AT);
	set_its(0, 1);
	set_its(0x88, sizeof(commands));
}

static void hear(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case TAKEN:
		printf("device %u, event %u: 8192 + %d\n", device, event,
		       (int)value);
		break;
	case READY:
		set_up();
		signal_msi(vm, message(device, event));
		break;
	case DONE:
		power = false;
		break;
	}
}

static const struct device board = {
	.address = 0x09000000, .size = 4096, .write = hear,
};

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu, gic;
	char *tables = map(-1, TABLES_SIZE);

	if (argc != 4)
		return 2;
	device = atoi(argv[1]);
	event = atoi(argv[2]);
	number = atoi(argv[3]);
	vm = create_vm(kvm);
	load_guest(vm);
	add_memory(vm, 1, DEVICES_AT, tables, TABLES_SIZE, 0);
	queue = (uint64_t *)(tables + QUEUE_AT - DEVICES_AT);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 0);
	gic = create_gic(vm);
	its = create_its(vm);
	finish_gic(gic, 64);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + 0x3000);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
