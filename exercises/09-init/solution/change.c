/* SPDX-License-Identifier: MIT */
/* Exercise 9, change: two processors, and a reboot. */
#include "vmm.h"

/* Starts both processors: the first is on, the second is off. */
static void reset(const int *vcpu, struct kvm_vcpu_init init)
{
	for (int i = 0; i < 2; i++) {
		struct kvm_mp_state state;

		kvm_ioctl(vcpu[i], KVM_ARM_VCPU_INIT, &init,
			  "KVM cannot make such a processor.");
		kvm_ioctl(vcpu[i], KVM_GET_MP_STATE, &state,
			  "The answer could not be stored.");
		printf("vCPU %d: %s\n", i,
		       state.mp_state == KVM_MP_STATE_STOPPED ?
		       "off" : "on");
		init.features[0] |= 1 << KVM_ARM_VCPU_POWER_OFF;
	}
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_vcpu_init init;
	int vcpu[2];

	for (int id = 0; id < 2; id++)
		vcpu[id] = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
				     "No memory.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2;
	reset(vcpu, init);
	printf("reboot\n");
	reset(vcpu, init);

	for (int id = 0; id < 2; id++)
		must(close(vcpu[id]), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
