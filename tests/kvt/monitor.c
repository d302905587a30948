/* SPDX-License-Identifier: MIT */
/*
 * monitor VCPUS ROUNDS [FILE]: a virtual machine whose vCPUs, a thread each,
 * leave the guest a known number of times.  In each round a vCPU makes a
 * hypercall that the kernel answers (PSCI_VERSION), and a store to where no
 * memory is, which the thread counts; ROUNDS of them, then one store to
 * another place, which ends the thread.  At last, vCPU 0 turns the machine
 * off, in the first thread.  With FILE, the guests wait in memory, each
 * within KVM_RUN, until FILE is there; "ready" is printed when they do.
 * The last line says how long the threads took.
 */
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "../../code/kvmbook.h"

enum {
	GUEST = 0x40000000,
	FLAG = 0x1000,		/* in the guest's memory: go on */
	HERE = 0x1008,		/* a byte per vCPU: it is in its loop */
	NOWHERE = 0x09000000,
	DONE = 0x09000008,
	MOST = 16,
};

/* x19: the vCPU's number, x20: rounds, x21: where its memory begins */
asm(
	".pushsection .rodata\n"
	".balign 4\n"
	"guest_code:\n"
	"	add	x3, x21, #0x1, lsl #12\n"
	"	add	x4, x3, #8\n"
	"	mov	w5, #1\n"
	"	strb	w5, [x4, x19]\n"
	"1:	ldr	w4, [x3]\n"
	"	cbz	w4, 1b\n"
	"	movz	x6, #0x0900, lsl #16\n"
	"2:	movz	w0, #0x8400, lsl #16\n"	/* PSCI_VERSION */
	"	hvc	#0\n"
	"	str	w20, [x6]\n"
	"	subs	x20, x20, #1\n"
	"	b.ne	2b\n"
	"	str	w20, [x6, #8]\n"
	"	movz	w0, #0x0008\n"		/* PSCI SYSTEM_OFF */
	"	movk	w0, #0x8400, lsl #16\n"
	"	hvc	#0\n"
	".skip	80 - (. - guest_code)\n"
	".popsection\n");
extern const char guest_code[80];

static struct vcpu {
	pthread_t thread;
	int fd;
	struct kvm_run *run;
	unsigned long stores;
} vcpus[MOST];

static void set_reg(int vcpu, size_t offset, unsigned long value)
{
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      offset / 4,
		.addr = (unsigned long)&value,
	};

	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg, "no register");
}

static void make_vcpu(int vm, int number, unsigned long rounds)
{
	struct vcpu *v = &vcpus[number];
	struct kvm_vcpu_init init;

	v->fd = kvm_ioctl(vm, KVM_CREATE_VCPU, number, "no vCPU");
	v->run = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd, 0);
	if (v->run == MAP_FAILED)
		exit(1);
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "no target");
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	kvm_ioctl(v->fd, KVM_ARM_VCPU_INIT, &init, "no init");
	set_reg(v->fd, offsetof(struct kvm_regs, regs.pc), GUEST);
	set_reg(v->fd, offsetof(struct kvm_regs, regs.regs[19]), number);
	set_reg(v->fd, offsetof(struct kvm_regs, regs.regs[20]), rounds);
	set_reg(v->fd, offsetof(struct kvm_regs, regs.regs[21]), GUEST);
}

static void *run_vcpu(void *data)
{
	struct vcpu *v = data;

	for (;;) {
		kvm_ioctl(v->fd, KVM_RUN, 0, "no run");
		if (v->run->exit_reason != KVM_EXIT_MMIO)
			exit(3);
		if (v->run->mmio.phys_addr == DONE)
			return NULL;
		v->stores++;
	}
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* Waits until all guests are in their loops, then until FILE is there. */
static void hold(volatile char *memory, int count, const char *file)
{
	for (int i = 0; i < count; i++)
		while (!memory[HERE + i])
			usleep(1000);
	puts("ready");
	fflush(stdout);
	while (access(file, F_OK))
		usleep(1000);
	memory[FLAG] = 1;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0, kvm, vm;
	char *memory = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region slot = {
		.guest_phys_addr = GUEST, .memory_size = 0x10000,
		.userspace_addr = (unsigned long)memory,
	};

	double start;

	if (argc < 3 || count < 1 || count > MOST || memory == MAP_FAILED)
		return 2;
	memcpy(memory, guest_code, sizeof(guest_code));
	memory[FLAG] = argc < 4;
	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "no VM");
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot, "no memory");
	for (int i = 0; i < count; i++)
		make_vcpu(vm, i, atol(argv[2]));
	start = now_us();
	for (int i = 0; i < count; i++)
		if (pthread_create(&vcpus[i].thread, NULL, run_vcpu, &vcpus[i]))
			return 1;
	if (argc > 3)
		hold(memory, count, argv[3]);
	for (int i = 0; i < count; i++) {
		pthread_join(vcpus[i].thread, NULL);
		printf("vcpu %d: %lu stores\n", i, vcpus[i].stores);
	}
	printf("took %.0f us\n", now_us() - start);
	kvm_ioctl(vcpus[0].fd, KVM_RUN, 0, "no run");
	return vcpus[0].run->exit_reason != KVM_EXIT_SYSTEM_EVENT;
}
