/* SPDX-License-Identifier: MIT */
/* Exercise 7, change: three VMs, one after the other. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	for (int i = 0; i < 3; i++) {
		struct kvm_stats_header header;
		int vm, vcpu, stats;

		vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
		vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
		stats = kvm_ioctl(vcpu, KVM_GET_STATS_FD, 0,
				  "There are too many open files.");
		must(close(vm), "It was not open.");
		must(close(vcpu), "It was not open.");
		must(pread(stats, &header, sizeof(header), 0),
		     "This is not a statistics descriptor.");
		printf("%u statistics\n", header.num_desc);
		must(close(stats), "It was not open.");
	}
	must(close(kvm), "It was not open.");
	return 0;
}
