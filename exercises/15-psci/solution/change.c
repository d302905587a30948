/* SPDX-License-Identifier: MIT */
/* Exercise 15, change: four processors. */
#include "kvmbook.h"
#include <pthread.h>
#include <signal.h>
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

/* One of the guest's processors. */
struct processor {
	int vcpu;
	struct kvm_run *run;
	pthread_t thread;
};

/* A signal with a handler interrupts KVM_RUN, and no more. */
static void nothing(int signal)
{
	(void)signal;
}

/* What a thread does: the vCPU sleeps and runs in one KVM_RUN. */
static void *run_thread(void *vcpu)
{
	int result = ioctl(*(int *)vcpu, KVM_RUN, 0);

	return (void *)(intptr_t)(result < 0 ? errno : 0);
}

static void start(struct processor *p)
{
	errno = pthread_create(&p->thread, NULL, run_thread, &p->vcpu);
	must(-errno, "No memory is left.");
}

/* Makes KVM_RUN return in that thread, and waits for its end. */
static void stop(struct processor *p)
{
	void *error;

	p->run->immediate_exit = 1;
	pthread_kill(p->thread, SIGUSR1);
	pthread_join(p->thread, &error);
	if ((intptr_t)error != EINTR) {
		fprintf(stderr, "KVM_RUN: %s\n",
			strerror((intptr_t)error));
		exit(1);
	}
}

/* Whether a vCPU is STOPPED; its thread may not be in KVM_RUN. */
static int is_stopped(const struct processor *p)
{
	struct kvm_mp_state state;

	kvm_ioctl(p->vcpu, KVM_GET_MP_STATE, &state, "No such state.");
	return state.mp_state == KVM_MP_STATE_STOPPED;
}

int main(void)
{
	const uint32_t psci = 1 << KVM_ARM_VCPU_PSCI_0_2;
	const uint32_t off = 1 << KVM_ARM_VCPU_POWER_OFF;
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	struct processor p[4];
	int stopped = 0;

	add_guest(vm);
	for (int i = 0; i < 4; i++) {
		p[i].vcpu = add_vcpu(vm, i, i ? psci | off : psci);
		p[i].run = map_run(kvm, p[i].vcpu);
	}
	set_reg(p[0].vcpu, CORE_REG(regs.pc), MEMORY_AT);
	signal(SIGUSR1, nothing);
	for (int i = 1; i < 4; i++)
		start(&p[i]);

	kvm_ioctl(p[0].vcpu, KVM_RUN, 0, "The guest cannot run.");
	printf("exit_reason %u\n", p[0].run->exit_reason);
	printf("%llu processors\n", (unsigned long long)
	       get_reg(p[0].vcpu, CORE_REG(regs.regs[19])));

	for (int i = 1; i < 4; i++)
		stop(&p[i]);
	for (int i = 0; i < 4; i++)
		stopped += is_stopped(&p[i]);
	printf("%d stopped\n", stopped);
	for (int i = 0; i < 4; i++)
		must(close(p[i].vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
