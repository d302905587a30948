/* SPDX-License-Identifier: MIT */
/* Exercise 23, build: a snapshot of what has changed. */
#include "bus.h"
#include "dirty.h"

enum { SLOT = 1, RAM_AT = 0x50000000, PAGES = 64, PAGE = 4096 };

static int vm, guests, devices, changed;
static char *ram, *snapshot;
static uint64_t ours;			/* what our device has changed */

static void store(int page)
{
	ram[page * PAGE + 24] = 1;
	ours |= 1ULL << page;
}

static void take_first(void)
{
	add_memory(vm, SLOT, RAM_AT, ram, PAGES * PAGE,
		   KVM_MEM_LOG_DIRTY_PAGES);
	memcpy(snapshot, ram, PAGES * PAGE);
}

static void take_second(void)
{
	uint64_t bitmap;

	get_log(vm, SLOT, &bitmap);
	bitmap |= ours;
	printf("pages");
	for (int i = 0; i < PAGES; i++)
		if (is_dirty(&bitmap, i)) {
			memcpy(snapshot + i * PAGE, ram + i * PAGE, PAGE);
			printf(" %d", i);
			changed++;
		}
	printf(": %s\n", memcmp(snapshot, ram, PAGES * PAGE) ?
	       "something is missing" : "all is there");
}

static uint64_t tell(uint64_t offset)
{
	return offset == 0 ? guests : offset == 4 ? devices : changed;
}

static void hear(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case 8:
		take_first();
		break;
	case 16:
		store(value);
		break;
	case 24:
		take_second();
		break;
	case 48:
		power = false;
		break;
	}
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu;

	if (argc != 3)
		return 2;
	guests = atoi(argv[1]);
	devices = atoi(argv[2]);
	vm = create_vm(kvm);
	load_guest(vm);
	ram = map(-1, PAGES * PAGE);
	snapshot = map(-1, PAGES * PAGE);
	add_memory(vm, SLOT, RAM_AT, ram, PAGES * PAGE, 0);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
