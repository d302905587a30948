/*
 * hang wfi|loop|mmio: the learner's guest that never comes back.
 *
 * It says "running" before it enters the guest.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/kvm.h>

enum { CODE = 0x40000000, NOP = 0xd503201f, WFI = 0xd503207f,
       BRANCH_TO_ITSELF = 0x14000000, BRANCH_BACK = 0x17ffffff,
       STORE = 0xb9000000 /* str w0, [x0] */ };

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "wfi";
	uint32_t code[] = { NOP, !strcmp(how, "loop") ? BRANCH_TO_ITSELF : WFI, BRANCH_BACK };
	int kvm = open("/dev/kvm", O_RDWR), vm = ioctl(kvm, KVM_CREATE_VM, 0);
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = CODE,
		.memory_size = 4096,
		.userspace_addr = (uintptr_t)memory,
	};
	struct kvm_vcpu_init init;
	uint64_t pc = CODE;
	struct kvm_one_reg reg = { .id = 0x6030000000100040, .addr = (uintptr_t)&pc };
	int cpu;

	if (!strcmp(how, "mmio"))
		code[1] = STORE;
	memcpy(memory, code, sizeof(code));
	ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region);
	cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init);
	ioctl(cpu, KVM_ARM_VCPU_INIT, &init);
	ioctl(cpu, KVM_SET_ONE_REG, &reg);
	printf("running\n");
	fflush(stdout);
	do
		printf("KVM_RUN: %d\n", ioctl(cpu, KVM_RUN, 0));
	while (!strcmp(how, "mmio"));
	return 0;
}
