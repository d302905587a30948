/* SPDX-License-Identifier: MIT */
/* Exercise 4, build: the highest ID, found by trying. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int good = -1, bad = 65536;

	while (bad - good > 1) {
		int id = good + (bad - good) / 2;
		int vcpu = ioctl(vm, KVM_CREATE_VCPU, id);

		if (vcpu >= 0) {
			good = id;
			must(close(vcpu), "It was not open.");
		} else if (errno == EINVAL) {
			bad = id;
		} else {
			perror("KVM_CREATE_VCPU");
			return 1;
		}
	}
	printf("%d\n", good);
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
