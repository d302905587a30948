/* SPDX-License-Identifier: MIT */
/* Exercise 21, build: a screen whose stores wait in a ring. */
#include "bus.h"

static struct kvm_coalesced_mmio_ring *ring;
static int letters, drawn;

enum {
	ENTRIES = (4096 - sizeof(*ring)) /
		  sizeof(*ring->coalesced_mmio),
};

static void draw(uint64_t offset, uint64_t value)
{
	(void)offset;
	putchar(value);
	drawn++;
}

static void drain(void)
{
	while (ring->first != __atomic_load_n(&ring->last,
					      __ATOMIC_ACQUIRE)) {
		draw(0, ring->coalesced_mmio[ring->first].data[0]);
		__atomic_store_n(&ring->first,
				 (ring->first + 1) % ENTRIES,
				 __ATOMIC_RELEASE);
	}
}

static uint64_t tell(uint64_t offset)
{
	return offset == 0 ? letters : drawn;
}

static void hear(uint64_t offset, uint64_t value)
{
	(void)value;
	if (offset == 24) {
		putchar('\n');
		power = false;
	}
}

static bool handle(int vcpu, struct kvm_run *run)
{
	drain();
	return handle_mmio(vcpu, run);
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm), vcpu;
	struct kvm_coalesced_mmio_zone zone = {
		.addr = 0x09010000, .size = 4096,
	};
	struct kvm_run *run;

	if (argc != 2)
		return 2;
	letters = atoi(argv[1]);
	load_guest(vm);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	add_device((struct device) { .address = 0x09010000,
		   .size = 4096, .write = draw });
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	ring = (void *)((char *)run +
			KVM_COALESCED_MMIO_PAGE_OFFSET * 4096);
	kvm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone, "Too many.");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, run, handlers);
	return 0;
}
