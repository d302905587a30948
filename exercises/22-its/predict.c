/* SPDX-License-Identifier: MIT */
/* Exercise 22, predict: read it, and answer in answers.txt. */
#include "its.h"

enum { TABLES_AT = 0x50000000, TABLES_SIZE = 4 * 0x10000 };

static int vm, vcpu;
static struct kvm_run *run;

/* Runs the guest until it stores to 0x09000008. */
static void run_until_ready(void)
{
	do
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	while (run->mmio.phys_addr != 0x09000008);
}

/* Sends a message; the result is the ioctl's. */
static int send(struct kvm_msi msi)
{
	return ioctl(vm, KVM_SIGNAL_MSI, &msi);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm"), gic;
	struct kvm_msi no_flag = message(2, 1);

	vm = create_vm(kvm);
	load_guest(vm);
	add_memory(vm, 1, TABLES_AT, map(-1, TABLES_SIZE), TABLES_SIZE,
		   0);
	vcpu = add_vcpu(vm, 0, 0);
	run = map_run(kvm, vcpu);
	gic = create_gic(vm);
	create_its(vm);
	finish_gic(gic, 64);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT + 0x3000);

	send(message(9, 0));
	run_until_ready();
	send(message(3, 1));
	send(message(2, 1));
	send(message(2, 1));
	send(message(2, 1));
	run_until_ready();
	no_flag.flags = 0;
	send(no_flag);
	run_until_ready();
	return 0;
}
