/* SPDX-License-Identifier: MIT */
/* Exercise 13, change: loads from where nothing is. */
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

/* Our devices, and where the guest reports what it has found. */
enum {
	FIRST_AT = 0x0a010000,
	SECOND_AT = 0x0a030000,
	REPORT_AT = 0x09000000,
};

/* Answers a load: each device has a number. */
static void answer(struct kvm_run *run)
{
	uint64_t number = 0;

	if (run->mmio.phys_addr == FIRST_AT)
		number = 17;
	else if (run->mmio.phys_addr == SECOND_AT)
		number = 34;
	memcpy(run->mmio.data, &number, run->mmio.len);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu;

	add_guest(vm);
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	while (run->mmio.phys_addr != REPORT_AT) {
		answer(run);
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	}
	printf("%u devices\n", run->mmio.data[0]);
	return 0;
}
