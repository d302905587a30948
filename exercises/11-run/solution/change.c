/* SPDX-License-Identifier: MIT */
/* Exercise 11, change: five squares. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* The guest, assembled from change.S. */
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

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0, "?");
	uint64_t pc = MEMORY_AT;
	struct kvm_one_reg reg = {
		.id = CORE_REG(regs.pc), .addr = (uintptr_t)&pc,
	};
	struct kvm_run *run;
	uint32_t value;
	int vcpu;

	add_guest(vm);
	vcpu = add_vcpu(vm);
	run = map(vcpu, size);
	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg, "No pc.");

	for (int i = 0; i < 5; i++) {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason != KVM_EXIT_MMIO) {
			fprintf(stderr, "exit %u\n", run->exit_reason);
			return 1;
		}
		memcpy(&value, run->mmio.data, sizeof(value));
		printf("%u\n", value);
	}

	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg, "No pc.");
	printf("pc 0x%llx\n", (unsigned long long)pc);

	must(munmap(run, size), "It was not mapped.");
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
