/* SPDX-License-Identifier: MIT */
/* Fills a trace buffer: makes 200 VMs with a vCPU each. */
#include "../../code/kvmbook.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");

	for (int i = 0; i < 200; i++) {
		int vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "no VM");
		int vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "no vCPU");

		close(vcpu);
		close(vm);
	}
	return 0;
}
