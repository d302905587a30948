/* SPDX-License-Identifier: MIT */
/* Chapter 11: run a guest, and see why it comes back. */
/* [headers] */
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"
/* [/headers] */

/* Where the guest has its memory, and how much. */
enum { MEMORY_AT = 0x40000000, MEMORY_SIZE = 64 * 1024 };

/* [guest] */
/* The guest, assembled from the file beside this one. */
extern const char guest[], guest_end[];
/* [/guest] */

/* A mapping of SIZE bytes, of the file FD or of fresh memory (-1). */
static void *map(int fd, size_t size)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(stderr, "mmap: %s\nNo memory left?\n",
			strerror(errno));
		exit(1);
	}
	return p;
}

/* Gives the VM a slot of memory at a guest physical address. */
static void add_memory(int vm, uint64_t address, void *memory,
		       size_t size)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "The slot overlaps another or is not made of pages.");
}

/* Creates the vCPU ID, ready to run; returns its descriptor. */
static int add_vcpu(int vm, unsigned int id)
{
	struct kvm_vcpu_init init;
	int vcpu;

	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
			 "No memory, or no file descriptor left.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
	return vcpu;
}

/* The id of a register of struct kvm_regs, all of 64 bits. */
#define CORE_REG(field)						\
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |	\
	 KVM_REG_ARM_CORE_REG(field))

static uint64_t get_reg(int vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_GET_ONE_REG, &reg,
		  "This vCPU has no such register.");
	return value;
}

static void set_reg(int vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = {
		.id = id, .addr = (uintptr_t)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg,
		  "This vCPU has no such register.");
}

/* [map-run] */
/* The run page of a vCPU, where each exit is explained. */
static struct kvm_run *map_run(int kvm, int vcpu)
{
	int size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			     "This cannot fail.");

	return map(vcpu, size);
}
/* [/map-run] */

/* [print-exit] */
/* Says what the run page says, and where the guest stands. */
static void print_exit(int vcpu, const struct kvm_run *run)
{
	uint32_t value;

	printf("  exit_reason %u, pc 0x%llx", run->exit_reason,
	       (unsigned long long)get_reg(vcpu, CORE_REG(regs.pc)));
	if (run->exit_reason == KVM_EXIT_MMIO && run->mmio.is_write) {
		memcpy(&value, run->mmio.data, sizeof(value));
		printf(", %u bytes to 0x%llx: %u", run->mmio.len,
		       run->mmio.phys_addr, value);
	}
	printf("\n");
}
/* [/print-exit] */

/* [signal] */
/* Makes SIGUSR1 wait, and lets only KVM_RUN notice that it does. */
static void hold_signal(int vcpu)
{
	struct kvm_signal_mask *none;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(sigprocmask(SIG_BLOCK, &set, NULL), "A wrong argument?");
	must(raise(SIGUSR1), "A wrong argument?");

	none = calloc(1, sizeof(*none) + sizeof(set));
	if (!none)
		exit(1);
	none->len = sizeof(set);
	kvm_ioctl_fails(vcpu, KVM_SET_SIGNAL_MASK, none, EINVAL);
	none->len = 8;
	kvm_ioctl(vcpu, KVM_SET_SIGNAL_MASK, none,
		  "The kernel's set of signals has another size.");
	free(none);
}
/* [/signal] */

/* [setup] */
int main(void)
{
	int kvm, vm, vcpu;
	struct kvm_run *run;
	sigset_t set;
	char *memory;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	memory = map(-1, MEMORY_SIZE);
	memcpy(memory, guest, guest_end - guest);
	add_memory(vm, MEMORY_AT, memory, MEMORY_SIZE);
	vcpu = add_vcpu(vm, 0);
	run = map_run(kvm, vcpu);
	set_reg(vcpu, CORE_REG(regs.pc), MEMORY_AT);
/* [/setup] */

/* [run] */
	kvm_ioctl_fails(vcpu, KVM_RUN, 1, EINVAL);
	printf("the first run\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
	printf("the second run\n");
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	print_exit(vcpu, run);
/* [/run] */

/* [immediate] */
	run->immediate_exit = 1;
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	run->immediate_exit = 0;
	print_exit(vcpu, run);
/* [/immediate] */

/* [interrupt] */
	hold_signal(vcpu);
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EINTR);
	print_exit(vcpu, run);
	must(sigpending(&set), "A wrong argument?");
	printf("SIGUSR1 %s\n", sigismember(&set, SIGUSR1) ?
	       "is still waiting" : "is gone");
	kvm_ioctl(vcpu, KVM_SET_SIGNAL_MASK, NULL, "This cannot fail.");
/* [/interrupt] */

/* [unmap] */
	must(munmap(memory, MEMORY_SIZE), "It was not mapped.");
	kvm_ioctl_fails(vcpu, KVM_RUN, 0, EFAULT);
	print_exit(vcpu, run);
	return 0;
}
/* [/unmap] */
