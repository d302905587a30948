/* SPDX-License-Identifier: MIT */
/* Exercise 15, build: asks KVM's firmware what it can do. */
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

enum {
	PSCI_VERSION = 0x84000000u,
	SYSTEM_OFF = 0x84000008u,
	PSCI_FEATURES = 0x8400000au,
	SYSTEM_SUSPEND = 0xc400000eu,
};

/* Has the guest begin a call, and runs it to the next exit. */
static void call(int vcpu, uint32_t function, uint32_t argument)
{
	set_reg(vcpu, CORE_REG(regs.regs[0]), function);
	set_reg(vcpu, CORE_REG(regs.regs[1]), argument);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
}

/* The result of a call that comes back to the guest. */
static int32_t ask(int vcpu, struct kvm_run *run, uint32_t function,
		   uint32_t argument)
{
	call(vcpu, function, argument);
	if (run->exit_reason != KVM_EXIT_MMIO) {
		fprintf(stderr, "exit_reason %u\n", run->exit_reason);
		exit(1);
	}
	return get_reg(vcpu, CORE_REG(regs.regs[0]));
}

static const char *has_suspend(int vcpu, struct kvm_run *run)
{
	int32_t answer = ask(vcpu, run, PSCI_FEATURES, SYSTEM_SUSPEND);

	return answer < 0 ? "no" : "yes";
}

int main(void)
{
	struct kvm_enable_cap suspend = {
		.cap = KVM_CAP_ARM_SYSTEM_SUSPEND,
	};
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct kvm_run *run;
	int vcpu, version;

	add_guest(vm);
	vcpu = add_vcpu(vm, 0, 1 << KVM_ARM_VCPU_PSCI_0_2);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
	run = map_run(kvm, vcpu);

	version = ask(vcpu, run, PSCI_VERSION, 0);
	printf("PSCI %d.%d\n", version >> 16, version & 0xffff);
	printf("SYSTEM_SUSPEND: %s\n", has_suspend(vcpu, run));
	kvm_ioctl(vm, KVM_ENABLE_CAP, &suspend, "Older than 5.19?");
	printf("SYSTEM_SUSPEND: %s\n", has_suspend(vcpu, run));

	call(vcpu, SYSTEM_OFF, 0);
	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT ||
	    run->system_event.type != KVM_SYSTEM_EVENT_SHUTDOWN) {
		fprintf(stderr, "exit_reason %u\n", run->exit_reason);
		return 1;
	}
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
