/* SPDX-License-Identifier: MIT */
/*
 * Runs a guest that computes until the host's timer has interrupted it, and
 * then stores to an address without memory; five times.  Interrupts come at
 * any time, so two captures are equal only if the recorder folds interrupts
 * away.
 */
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include "../../code/kvmbook.h"

enum { GUEST = 0x40000000, NOWHERE = 0x09000000 };

asm(
	".pushsection .rodata\n"
	".balign 4\n"
	"guest_code:\n"
	"	movz	x1, #0x0900, lsl #16\n"
	"	movz	x2, #5\n"
	"1:	movz	x3, #0x40, lsl #16\n"
	"2:	subs	x3, x3, #1\n"
	"	b.ne	2b\n"
	"	str	w2, [x1]\n"
	"	subs	x2, x2, #1\n"
	"	b.ne	1b\n"
	"	movz	w0, #0x0008\n"		/* PSCI SYSTEM_OFF */
	"	movk	w0, #0x8400, lsl #16\n"
	"	hvc	#0\n"
	".skip	64 - (. - guest_code)\n"
	".popsection\n");
extern const char guest_code[64];

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "no VM");
	int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "no vCPU");
	void *memory = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_run *run = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
				   MAP_SHARED, vcpu, 0);
	struct kvm_userspace_memory_region slot = {
		.guest_phys_addr = GUEST, .memory_size = 0x10000,
		.userspace_addr = (unsigned long)memory,
	};
	struct kvm_vcpu_init init;
	unsigned long pc = GUEST;
	struct kvm_one_reg reg = {
		.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
		      offsetof(struct kvm_regs, regs.pc) / 4,
		.addr = (unsigned long)&pc,
	};

	if (memory == MAP_FAILED || run == MAP_FAILED)
		return 1;
	memcpy(memory, guest_code, sizeof(guest_code));
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &slot, "no memory");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "no target");
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "no init");
	kvm_ioctl(vcpu, KVM_SET_ONE_REG, &reg, "no PC");
	do {
		kvm_ioctl(vcpu, KVM_RUN, 0, "no run");
		printf("exit reason %d\n", run->exit_reason);
	} while (run->exit_reason == KVM_EXIT_MMIO);
	return run->exit_reason != KVM_EXIT_SYSTEM_EVENT;
}
