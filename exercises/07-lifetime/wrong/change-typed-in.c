/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.3 change.4 */
/* because: KVM_GET_STATS_FD|close */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	for (int i = 0; i < 3; i++) {
		int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
		int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0,
				     "No memory.");

		must(close(vm), "It was not open.");
		must(close(vcpu), "It was not open.");
		printf("18 statistics\n");
	}
	must(close(kvm), "It was not open.");
	return 0;
}
