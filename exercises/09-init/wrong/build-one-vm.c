/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.3 build.4 */
/* because: KVM_CREATE_VM */
#include "vmm.h"

/* Tries a vCPU with one feature, in a fresh VM; 0 or an errno. */
static int try_feature(int vm, int feature)
{
	struct kvm_vcpu_init init;
	static int vcpu;
	int error = 0;

	if (!vcpu)
		vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	kvm_ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init, "No target.");
	init.features[feature / 32] |= 1U << feature % 32;
	if (ioctl(vcpu, KVM_ARM_VCPU_INIT, &init) < 0)
		error = errno;
	return error;
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	int error = 0;

	for (int feature = 0; error != ENOENT; feature++) {
		error = try_feature(vm, feature);
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
