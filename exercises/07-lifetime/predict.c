/* SPDX-License-Identifier: MIT */
/* Exercise 7, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"

#include <sys/wait.h>

int main(void)
{
	int kvm, vm, vcpu, copy, stats;
	pid_t child;

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	vcpu = kvm_ioctl(vm, KVM_CREATE_VCPU, 0, "No memory.");
	stats = kvm_ioctl(vm, KVM_GET_STATS_FD, 0, "No descriptor.");

	child = must(fork(), "There are too many processes.");
	if (child == 0) {
		ioctl(vm, KVM_CREATE_VCPU, 0);
		close(vm);
		kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
		exit(0);
	}
	must(waitpid(child, NULL, 0), "The child is gone.");

	copy = must(dup(vm), "There are too many open files.");
	close(stats);
	close(vm);
	close(copy);
	close(kvm);
	close(vcpu);
	return 0;
}
