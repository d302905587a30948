/* SPDX-License-Identifier: MIT */
/* Exercise 12, build: a log of all that a guest asks for. */
#include "kvmbook.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

extern const char guest[], guest_end[];

/* A mapping of SIZE bytes, of the file FD or of fresh memory (-1). */
static void *map(int fd, size_t size)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

/* Gives the VM a slot of memory at a guest physical address. */
static void add_memory(int vm, uint32_t slot, uint32_t flags,
		       uint64_t address, void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = address,
		.memory_size = MEMORY_SIZE,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region, "Overlap?");
}

/* The id of a register of struct kvm_regs, all of 64 bits. */
#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

static void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg, "No such register.");
}

/* Creates a vCPU, ready to run the guest. */
static int add_vcpu(int vm)
{
	struct kvm_vcpu_init init;
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No such vCPU.");
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	return vcpu;
}

/* The run page of a vCPU, where each exit is explained. */
static struct kvm_run *map_run(int kvm, int vcpu)
{
	return map(vcpu, kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
				   "This cannot fail."));
}

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
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	char *memory = map(-1, MEMORY_SIZE);
	char *rom = map(-1, MEMORY_SIZE);
	struct kvm_run *run;
	int vcpu;

	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, 0, 0, MEMORY_AT, memory);
	rom[0] = 'K';
	add_memory(vm, 1, KVM_MEM_READONLY, ROM_AT, rom);
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO) {
			fprintf(stderr, "exit_reason %u\n",
				run->exit_reason);
			return 1;
		}
		handle_mmio(run);
	} while (run->mmio.phys_addr != OFF_AT);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
