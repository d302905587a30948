/* SPDX-License-Identifier: MIT */
/* Exercise 16, change: two functions for the guest. */
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

static uint64_t get_reg(int vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg, "No such register.");
	return value;
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

enum { PRINT = 0x09000000, OFF = PRINT + 8 };

/* The functions that the guest may call. */
enum { MULTIPLY = 0xc6000000u, SUBTRACT = 0xc6000001u };

/* Prints the number that the guest has stored. */
static void print_result(const struct kvm_run *run)
{
	long long value;

	memcpy(&value, run->mmio.data, sizeof(value));
	printf("%lld\n", value);
}

/* Has the two functions come out to the program. */
static void forward(int vm)
{
	struct kvm_smccc_filter filter = {
		.base = MULTIPLY,
		.nr_functions = 2,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	kvm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr, "Older than 6.4?");
	kvm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr, "Is it taken?");
}

/* Answers a call of the guest. */
static void handle_hypercall(int vcpu, const struct kvm_run *run)
{
	uint64_t a = get_reg(vcpu, CORE_REG(regs.regs[1]));
	uint64_t b = get_reg(vcpu, CORE_REG(regs.regs[2]));

	set_reg(vcpu, CORE_REG(regs.regs[0]),
		run->hypercall.nr == MULTIPLY ? a * b : a - b);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu;

	add_guest(vm);
	forward(vm);
	vcpu = add_vcpu(vm);
	run = map_run(kvm, vcpu);

	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
		if (run->exit_reason == KVM_EXIT_HYPERCALL)
			handle_hypercall(vcpu, run);
		else if (run->mmio.phys_addr == PRINT)
			print_result(run);
	} while (run->exit_reason != KVM_EXIT_MMIO ||
		 run->mmio.phys_addr != OFF);

	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
