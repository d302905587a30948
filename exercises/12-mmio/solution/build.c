/* SPDX-License-Identifier: MIT */
/* Exercise 12, build: a log of all that a guest asks for. */
#include "vmm.h"

enum { ROM_AT = 0x08000000, OFF_AT = 0x09020000 };

/* Prints an access; a load is answered as by an empty bus. */
static void handle_mmio(struct kvm_run *run)
{
	uint64_t value = 0;

	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		printf("store %u 0x%llx 0x%llx\n", run->mmio.len,
		       run->mmio.phys_addr, (unsigned long long)value);
	} else {
		printf("load %u 0x%llx\n", run->mmio.len,
		       run->mmio.phys_addr);
		memset(run->mmio.data, 0xff, run->mmio.len);
	}
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	char *rom = map(-1, MEMORY_SIZE);
	struct kvm_run *run;
	int vcpu;

	load_guest(vm);
	rom[0] = 'K';
	add_memory(vm, 1, ROM_AT, rom, MEMORY_SIZE,
		   KVM_MEM_READONLY);
	vcpu = add_vcpu(vm, 0, 0);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO) {
			print_exit(vcpu, run);
			return 1;
		}
		handle_mmio(run);
	} while (run->mmio.phys_addr != OFF_AT);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
