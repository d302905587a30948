/* SPDX-License-Identifier: MIT */
/* Exercise 16, build: a program that plays the firmware. */
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

/* PSCI's functions: 32 of each kind, and two that we know. */
enum {
	PSCI_32 = 0x84000000u,
	PSCI_64 = 0xc4000000u,
	PSCI_COUNT = 32,
	PSCI_VERSION = PSCI_32,
	SYSTEM_OFF = PSCI_32 + 8,
};

/* Has a range of PSCI's functions come out to the program. */
static void forward(int vm, uint32_t base)
{
	struct kvm_smccc_filter filter = {
		.base = base,
		.nr_functions = PSCI_COUNT,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr, "Is it taken?");
}

/* Prints a call and answers it. */
static void handle_hypercall(int vcpu, const struct kvm_run *run)
{
	int smc = run->hypercall.flags & KVM_HYPERCALL_EXIT_SMC;
	uint64_t result = -1;

	printf("%s 0x%llx\n", smc ? "smc" : "hvc", run->hypercall.nr);
	if (run->hypercall.nr == PSCI_VERSION)
		result = 1 << 16;
	set_reg(vcpu, CORE_REG(regs.regs[0]), result);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu;

	add_guest(vm);
	forward(vm, PSCI_32);
	forward(vm, PSCI_64);
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_HYPERCALL)
			handle_hypercall(vcpu, run);
	} while (run->exit_reason != KVM_EXIT_HYPERCALL ||
		 run->hypercall.nr != SYSTEM_OFF);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
