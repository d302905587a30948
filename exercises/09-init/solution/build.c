/* SPDX-License-Identifier: MIT */
/* Exercise 9, build: the features that this machine can give. */
#include "vmm.h"

/* Tries a vCPU with one feature, in a fresh VM; 0 or an errno. */
static int try_feature(int kvm, int feature)
{
	struct kvm_vcpu_init init;
	int vm, vcpu, error = 0;

	vm = create_vm(kvm);
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	init.features[feature / 32] |= 1U << feature % 32;
	if (ioctl(vcpu, KVM_ARM_VCPU_INIT, &init) < 0)
		error = errno;
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	return error;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int error = 0;

	for (int feature = 0; error != ENOENT; feature++) {
		error = try_feature(kvm, feature);
		if (error == 0) {
			printf("feature %d\n", feature);
		} else if (error != EINVAL && error != ENOENT) {
			fprintf(stderr, "KVM_ARM_VCPU_INIT: %s\n",
				strerror(error));
			return 1;
		}
	}
	must(close(kvm), "It was not open.");
	return 0;
}
