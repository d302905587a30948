/* SPDX-License-Identifier: MIT */
/* Exercise 12, predict: read it, and answer in answers.txt. */
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

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	char *memory = map(-1, MEMORY_SIZE);
	struct kvm_run *run;
	int vcpu, times = 0;

	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, 0, 0, MEMORY_AT, memory);
	add_memory(vm, 1, KVM_MEM_READONLY, 0x08000000,
		   map(-1, MEMORY_SIZE));
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == 0x09000008) {
			run->mmio.data[0] = 100 + times++;
			if (times < 3)
				run->exit_reason = KVM_EXIT_UNKNOWN;
		}
	} while (run->mmio.phys_addr != 0x0900000c);

	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	return 0;
}
