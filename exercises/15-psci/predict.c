/* SPDX-License-Identifier: MIT */
/* Exercise 15, predict: read it, and answer in answers.txt. */
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

/* Creates a vCPU with these features, ready to run. */
static int add_vcpu(int vm, int id, uint32_t features)
{
	struct kvm_vcpu_init init;
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id, "No memory.");

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	init.features[0] = features;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "No such feature?");
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
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint32_t off = 1 << KVM_ARM_VCPU_POWER_OFF;
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu[4];

	add_guest(vm);
	vcpu[0] = add_vcpu(vm, 0, psci);
	vcpu[1] = add_vcpu(vm, 1, psci);
	vcpu[2] = add_vcpu(vm, 2, psci | off);
	vcpu[3] = add_vcpu(vm, 3, psci | off);
	set_reg(vcpu[0], CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu[0]);

	do
		kvm_ioctl(vcpu[0], KVM_RUN, 0, "It cannot run.");
	while (run->exit_reason == KVM_EXIT_MMIO);

	kvm_ioctl(vcpu[2], KVM_SET_MP_STATE, &runnable, "No state.");
	kvm_ioctl(vcpu[2], KVM_RUN, 0, "It cannot run.");
	return 0;
}
