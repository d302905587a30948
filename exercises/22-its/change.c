/* SPDX-License-Identifier: MIT */
/* Exercise 22, change: two devices, of which one sends messages. */
#include <sys/eventfd.h>
#include "bus.h"
#include "its.h"

enum { TAKEN = 0, READY = 8, DONE = 16, ROUNDS = 24 };
enum { TABLES_AT = 0x50000000, TABLES_SIZE = 4 * 0x10000 };
enum { GSI = 8 };		/* at first, that is SPI 40 */

static int vm, line, rounds, spis, lpis;

static uint64_t tell(uint64_t offset)
{
	return offset == ROUNDS ? rounds : 0;
}

static void hear(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case TAKEN:
		*(value == 40 ? &spis : &lpis) += 1;
		break;
	case READY:
		must(eventfd_write(line, 1), "It is no eventfd.");
		signal_msi(vm, message(6, 5));
		break;
	case DONE:
		printf("%d SPIs, %d LPIs\n", spis, lpis);
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

/* An eventfd that raises the interrupt which a GSI stands for. */
static int make_irqfd(uint32_t gsi)
{
	struct kvm_irqfd irqfd = { .gsi = gsi };

	irqfd.fd = must(eventfd(0, EFD_CLOEXEC), "No descriptor left.");
	kvm_ioctl(vm, KVM_IRQFD, &irqfd, "The GIC is not built.");
	return irqfd.fd;
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu, gic;

	if (argc != 2)
		return 2;
	rounds = atoi(argv[1]);
	vm = create_vm(kvm);
	load_guest(vm);
	add_memory(vm, 1, TABLES_AT, map(-1, TABLES_SIZE), TABLES_SIZE,
		   0);
	add_device(board);
	vcpu = add_vcpu(vm, 0, 0);
	gic = create_gic(vm);
	create_its(vm);
	finish_gic(gic, 64);
	line = make_irqfd(GSI);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + 0x3000);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
