/* SPDX-License-Identifier: MIT */
/* Exercise 9, predict: read it, and answer in answers.txt. */
#include "vmm.h"

#define POWER_OFF	(1U << KVM_ARM_VCPU_POWER_OFF)
#define PSCI		(1U << KVM_ARM_VCPU_PSCI_0_2)
#define NO_NAME		(1U << 31)

/* Asks for a processor, and does not mind if it is refused. */
static void init(int vcpu, unsigned int features)
{
	struct kvm_vcpu_init init = {
		.target = KVM_ARM_TARGET_GENERIC_V8,
		.features = { features },
	};

	ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int one = create_vm(kvm);
	int other = create_vm(kvm);
	int a = kvm_ioctl(one, KVM_CREATE_VCPU, 0, "No memory.");
	int b = kvm_ioctl(one, KVM_CREATE_VCPU, 1, "No memory.");
	int c = kvm_ioctl(other, KVM_CREATE_VCPU, 0, "No memory.");

	init(a, 0);			/* 1st */
	init(b, PSCI | NO_NAME);	/* 2nd */
	init(b, POWER_OFF);		/* 3rd */
	init(c, PSCI);			/* 4th */
	init(a, PSCI);			/* 5th */
	init(a, POWER_OFF);		/* 6th */
	init(c, PSCI);			/* 7th */
	return 0;
}
