/* SPDX-License-Identifier: MIT */
/* Exercise 5, predict: read it, and answer in answers.txt. */
#include <sys/resource.h>
#include "kvmbook.h"

int main(void)
{
	struct rlimit files;
	int kvm, vm, i, vcpus[3];

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	must(getrlimit(RLIMIT_NOFILE, &files), "A bad argument.");
	files.rlim_cur = vm + 1 + 3;
	must(setrlimit(RLIMIT_NOFILE, &files), "A bad argument.");

	vcpus[0] = kvm_ioctl(vm, KVM_CREATE_VCPU, 100, "No memory.");
	vcpus[1] = kvm_ioctl(vm, KVM_CREATE_VCPU, 511, "No memory.");
	vcpus[2] = kvm_ioctl(vm, KVM_CREATE_VCPU, 50, "No memory.");

	/* These three fail, and the program does not look why. */
	ioctl(vm, KVM_CREATE_VCPU, 600);
	ioctl(vm, KVM_CREATE_VCPU, 511);
	ioctl(vm, KVM_CREATE_VCPU, 7);

	must(close(vcpus[1]), "It was not open.");
	vcpus[1] = vcpus[2];
	vcpus[2] = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");

	for (i = 0; i < 3; i++)
		must(close(vcpus[i]), "It was not open.");
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
