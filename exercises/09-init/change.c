/* SPDX-License-Identifier: MIT */
/* Exercise 9, change: two processors, and a reboot. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	struct kvm_vcpu_init init;

	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	for (int id = 0; id < 2; id++) {
		int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, id,
				     "No memory.");

		kvm_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init,
			  "KVM cannot make such a processor.");
	}
	return 0;
}
