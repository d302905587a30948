/* SPDX-License-Identifier: MIT */
/* Chapter 4: give a virtual machine its first processor. */
/* [headers] */
#include "kvmbook.h"
/* [/headers] */

/* [main] */
int main(void)
{
	int kvm, vm, vcpu, limit;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	limit = kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPU_ID,
			  "Very old kernels answer on /dev/kvm only.");
	printf("vCPU IDs of this VM: 0 to %d\n", limit - 1);
/* [/main] */

/* [create] */
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0,
			 "No memory, or no file descriptor left.");
	print_name(kvm);
	print_name(vm);
	print_name(vcpu);
/* [/create] */

/* [wrong-id] */
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, limit, EINVAL);
/* [/wrong-id] */

/* [same-id] */
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 0, EEXIST);
/* [/same-id] */

/* [wrong-file] */
	printf("To the vCPU, which is no VM:\n");
	kvm_ioctl_fails(vcpu, KVM_CREATE_VCPU, 1, EINVAL);
/* [/wrong-file] */

/* [close] */
	must(close(vcpu), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
/* [/close] */
