/* SPDX-License-Identifier: MIT */
/* Exercise 11, predict: read it, and answer in answers.txt. */
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

enum { SIZE = 64 * 1024 };

/* The guest, assembled from predict.S. */
extern const char guest[], guest_end[];

static void add_memory(int vm, int slot, uint64_t address, char *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = address,
		.memory_size = SIZE,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region, "No slot.");
}

/* Creates the vCPU ID, which begins at 0x40000000. */
static int add_vcpu(int vm, int id)
{
	uint64_t pc = 0x40000000;
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 |
		      KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(regs.pc),
		.addr = (uintptr_t)&pc,
	};
	struct kvm_vcpu_init init;
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id, "No memory.");

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No processor.");
	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg, "No pc.");
	return vcpu;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	char *memory = mmap(NULL, 3 * SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int a, b;

	if (memory == MAP_FAILED)
		return 1;
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, 0, 0x40000000, memory);
	add_memory(vm, 1, 0x40200000, memory + SIZE);
	add_memory(vm, 2, 0x80000000, memory + 2 * SIZE);
	a = add_vcpu(vm, 0);
	b = add_vcpu(vm, 1);

	kvm_ioctl(a, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(b, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(a, KVM_RUN, 0, "The guest cannot run.");
	kvm_ioctl(b, KVM_RUN, 0, "The guest cannot run.");
	return 0;
}
