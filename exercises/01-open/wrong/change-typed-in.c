/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.3 */
/* because: returned -EINVAL|= -EINVAL|EINVAL */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int version = ioctl(kvm, KVM_GET_API_VERSION, &kvm);

	(void)version;
	printf("version 12\n");
	kvm_ioctl_fails(kvm, KVM_CREATE_VCPU, 0, EINVAL);

	must(close(kvm), "It was not open.");
	return 0;
}
