/* SPDX-License-Identifier: MIT */
/* Chapter 9: make a processor of a vCPU, and reset it. */
#include "vmm.h"

/* [print-state] */
/* Prints whether a vCPU is switched on. */
static void print_state(int vcpu, const char *when)
{
	struct kvm_mp_state state;

	kvm_ioctl(vcpu, KVM_GET_MP_STATE, &state,
		  "The answer could not be stored.");
	printf("%s: %s\n", when,
	       state.mp_state == KVM_MP_STATE_STOPPED ? "off" : "on");
}
/* [/print-state] */

/* [reset-off] */
/* Resets a vCPU, and leaves it switched off. */
static void reset_off(int vm, int vcpu)
{
	struct kvm_vcpu_init init;

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init,
		  "The answer could not be stored.");
	printf("KVM prefers target %u, features 0x%x\n", init.target,
	       init.features[0]);
	init.features[0] |= 1 << KVM_ARM_VCPU_POWER_OFF;
	kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
		  "KVM cannot make such a processor.");
}
/* [/reset-off] */

/* [try] */
/* Asks for a processor that this vCPU cannot be. */
static void try_init(int vcpu, struct kvm_vcpu_init init, int error)
{
	printf("Target %u, features 0x%x:\n", init.target,
	       init.features[0]);
	kvm_ioctl_fails(vcpu, KVM_ARM_VCPU_INIT, &init, error);
}
/* [/try] */

/* [wrong] */
/* Three processors that no vCPU can be. */
static void try_wrong(int vcpu)
{
	struct kvm_vcpu_init init = { .target = KVM_ARM_NUM_TARGETS };

	try_init(vcpu, init, EINVAL);
	init.target = KVM_ARM_TARGET_GENERIC_V8;
	init.features[0] = 1U << 31;
	try_init(vcpu, init, ENOENT);
	init.features[0] = 1 << KVM_ARM_VCPU_PTRAUTH_ADDRESS;
	try_init(vcpu, init, EINVAL);
}
/* [/wrong] */

/* [main] */
int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm, second, asleep;
	struct kvm_vcpu_init with_psci = {
		.target = KVM_ARM_TARGET_GENERIC_V8,
		.features = { 1 << KVM_ARM_VCPU_PSCI_0_2 },
	};

	vm = create_vm(kvm);
	add_memory(vm, 0, MEMORY_AT, map(-1, MEMORY_SIZE), MEMORY_SIZE,
		   0);
/* [/main] */

/* [two] */
	add_vcpu(vm, 0, 0);
	second = add_vcpu(vm, 1, 0);
	print_state(second, "vCPU 1, initialized");
/* [/two] */

/* [again] */
	reset_off(vm, second);
	print_state(second, "vCPU 1, reset");
/* [/again] */

/* [asleep] */
	asleep = kvm_ioctl(vm, KVM_CREATE_VCPU, 2,
			   "No memory, or no file descriptor left.");
	print_state(asleep, "vCPU 2, created");
	kvm_ioctl_fails(asleep, KVM_RUN, 0, ENOEXEC);
	kvm_ioctl_fails(asleep, KVM_GET_ONE_REG, NULL, ENOEXEC);
/* [/asleep] */

/* [mistakes] */
	try_wrong(asleep);
	try_init(asleep, with_psci, EINVAL);
	printf("vCPU 1, which is initialized:\n");
	try_init(second, with_psci, EINVAL);
	return 0;
}
/* [/mistakes] */
