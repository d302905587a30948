/* SPDX-License-Identifier: MIT */
/* Exercise 11, build: let the guest compute. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* The guest, assembled from build.S. */
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

/* Puts the guest into memory, and gives that to the VM. */
static void add_guest(int vm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = MEMORY_AT,
		.memory_size = MEMORY_SIZE,
	};
	char *memory = map(-1, MEMORY_SIZE);

	memcpy(memory, guest, guest_end - guest);
	region.userspace_addr = (uintptr_t)memory;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region, "No slot.");
}

/* Creates a vCPU, ready to run; returns its descriptor. */
static int add_vcpu(int vm)
{
	struct kvm_vcpu_init init;
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No processor.");
	return vcpu;
}

static void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register.");
}

int main(int argc, char **argv)
{
	int kvm, vm, vcpu, size;
	struct kvm_run *run;
	uint64_t sum;

	if (argc != 3) {
		fprintf(stderr, "usage: %s A B\n", argv[0]);
		return 2;
	}
	kvm = open_kvm("/dev/kvm");
	size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0, "?");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	add_guest(vm);
	vcpu = add_vcpu(vm);
	run = map(vcpu, size);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	set_reg(vcpu, CORE_REG(regs.regs[0]),
		strtoull(argv[1], NULL, 0));
	set_reg(vcpu, CORE_REG(regs.regs[1]),
		strtoull(argv[2], NULL, 0));

	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
	    run->mmio.len != sizeof(sum)) {
		fprintf(stderr, "exit %u\n", run->exit_reason);
		return 1;
	}
	memcpy(&sum, run->mmio.data, sizeof(sum));
	printf("%llu\n", (unsigned long long)sum);

	must(munmap(run, size), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
