/* SPDX-License-Identifier: MIT */
/* Exercise 21, predict: read it, and answer in answers.txt. */
#include <sys/eventfd.h>
#include "lines.h"

static int vcpu, bell, line;
static struct kvm_coalesced_mmio_ring *ring;

enum {
	ENTRIES = (4096 - sizeof(*ring)) /
		  sizeof(*ring->coalesced_mmio),
};

static void add(uint64_t number)
{
	must(write(line, &number, sizeof(number)), "It is no eventfd.");
}

static uint64_t tell(uint64_t offset)
{
	uint64_t number = 0;

	if (offset == 24)
		must(read(bell, &number, sizeof(number)), "It is empty.");
	return number;
}

static void hear(uint64_t offset, uint64_t value)
{
	(void)value;
	if (offset == 16)
		add(1);
	else if (offset == 8)
		power = false;
}

/* The screen asks the vCPU where it is, and takes 100 older stores. */
static void draw(uint64_t offset, uint64_t value)
{
	(void)offset, (void)value;
	get_reg(vcpu, CORE_REG(regs.pc));
	ring->first = (ring->first + 100) % ENTRIES;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), vm = create_vm(kvm);
	struct kvm_run *run;
	struct kvm_irqfd irqfd = { .gsi = 0 };
	struct kvm_ioeventfd ioeventfd = {
		.addr = 0x09010000, .len = 4, .datamatch = 7,
		.flags = KVM_IOEVENTFD_FLAG_DATAMATCH,
	};
	struct kvm_coalesced_mmio_zone zone = {
		.addr = 0x09020000, .size = 4096,
	};

	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	load_guest(vm);
	add_device((struct device) { .address = 0x09000000,
		   .size = 4096, .read = tell, .write = hear });
	add_device((struct device) { .address = 0x09010000,
		   .size = 4096 });
	add_device((struct device) { .address = 0x09020000,
		   .size = 4096, .write = draw });
	finish_gic(create_gic(vm), 64);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	ring = (void *)((char *)run + 4096);
	kvm_ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone, "Too many.");

	bell = ioeventfd.fd = eventfd(0, 0);
	line = irqfd.fd = eventfd(0, 0);
	kvm_ioctl(vm, KVM_IOEVENTFD, &ioeventfd, "It is there.");
	kvm_ioctl(vm, KVM_IRQFD, &irqfd, "It is taken.");
	irqfd.gsi = 1;
	ioctl(vm, KVM_IRQFD, &irqfd);
	ioeventfd.flags = 0;
	ioctl(vm, KVM_IOEVENTFD, &ioeventfd);
	add(3);
	add(4);
	while (power) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		handle_mmio(vcpu, run);
	}
	return 0;
}
