/* SPDX-License-Identifier: MIT */
/* Exercise 21, change: a bell that is an interrupt. */
#include <sys/eventfd.h>
#include "lines.h"

static int vm, rings, intid;

static uint64_t tell(uint64_t offset)
{
	(void)offset;
	return rings;
}

static void hear(uint64_t offset, uint64_t value)
{
	switch (offset) {
	case 8:
		fprintf(stderr, "%d ticks\n", (int)value);
		break;
	case 24:
		printf("%d answers\n", (int)value);
		power = false;
		break;
	}
}

/* The bell is an eventfd, which is an interrupt. */
static void connect(int fd)
{
	struct kvm_ioeventfd bell = {
		.addr = 0x09010000, .len = 4, .fd = fd,
	};
	struct kvm_irqfd line = { .fd = fd, .gsi = intid - 32 };

	kvm_ioctl(vm, KVM_IOEVENTFD, &bell, "It is there.");
	kvm_ioctl(vm, KVM_IRQFD, &line, "It is taken.");
}

static exit_handler *const handlers[EXIT_REASONS] = {
	[KVM_EXIT_MMIO] = handle_mmio,
};

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm"), vcpu;

	if (argc != 3)
		return 2;
	rings = atoi(argv[1]);
	intid = atoi(argv[2]);
	vm = create_vm(kvm);
	load_guest(vm);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	vcpu = add_vcpu(vm, 0, 0);
	finish_gic(create_gic(vm), 64);
	connect(eventfd(0, 0));
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run_guest(vcpu, map_run(kvm, vcpu), handlers);
	return 0;
}
