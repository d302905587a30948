/* SPDX-License-Identifier: MIT */
/* Exercise 12, change: a terminal that answers. */
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

/* Puts the guest into memory, and the memory into the VM. */
static void add_guest(int vm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEMORY_AT,
		.memory_size = MEMORY_SIZE,
		.userspace_addr = (uintptr_t)map(-1, MEMORY_SIZE),
	};

	memcpy((void *)region.userspace_addr, guest, guest_end - guest);
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

/* The registers of the terminal: addresses for the guest. */
enum {
	LEFT = 0x09000000,	/* load 4 bytes: characters left */
	NEXT = LEFT + 4,	/* load 1 byte: the next of them */
	PRINT = LEFT + 8,	/* store 1 byte: print it */
	OFF = LEFT + 12,	/* store 4 bytes: power off */
	COLOR = LEFT + 16,	/* store 8 bytes: nothing to do */
};

/* What the guest is to read. */
static const char text[] = "two halves";

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu;

	add_guest(vm);
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	printf("for the guest: %s\n", text);
	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->mmio.phys_addr == PRINT)
			putchar(run->mmio.data[0]);
	} while (run->mmio.phys_addr != OFF);
	putchar('\n');
	return 0;
}
