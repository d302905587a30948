/* SPDX-License-Identifier: MIT */
/* The prologue: three instructions of a guest, and the number 42. */
/* [headers] */
#include "vmm.h"
/* [/headers] */

/* [guest] */
/* The guest: machine code for an arm64 processor. */
static const uint32_t code[] = {
	0x52800540,	/* mov w0, #42         */
	0xd2a12001,	/* mov x1, #0x09000000 */
	0xb9000020,	/* str w0, [x1]        */
};
/* [/guest] */

/* [machine] */
int main(void)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = 0, .memory_size = 64 * 1024,
	};
	struct kvm_vcpu_init init;
	struct kvm_run *run;
	int kvm, vm, vcpu, size;
	void *memory;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory?");
/* [/machine] */

/* [memory] */
	memory = map(-1, region.memory_size);
	memcpy(memory, code, sizeof(code));
	region.userspace_addr = (uintptr_t)memory;
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "Not made of whole pages?");
/* [/memory] */

/* [vcpu] */
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory?");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "Nowhere to put it?");
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init, "Not this one?");
/* [/vcpu] */

/* [run] */
	size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0,
			 "This cannot fail.");
	run = map(vcpu, size);
	kvm_ioctl(vcpu, KVM_RUN, 0, "The guest cannot run.");
	if (run->exit_reason != KVM_EXIT_MMIO) {
		fprintf(stderr, "exit reason %u\n", run->exit_reason);
		return 1;
	}
	printf("%u\n", *(uint32_t *)run->mmio.data);
	return 0;
}
/* [/run] */
