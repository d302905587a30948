/* SPDX-License-Identifier: MIT */
/* Exercise 3, predict: read it, and answer in answers.txt. */
#include "kvmbook.h"
#include <sys/resource.h>

/* Asks for a VM, and says nothing of how it went. */
static int try(int kvm, int bits)
{
	return ioctl(kvm, KVM_CREATE_VM,
		     KVM_VM_TYPE_ARM_IPA_SIZE(bits));
}

int main(void)
{
	struct rlimit limit;
	int kvm, small, usual, large;

	kvm = open_kvm("/dev/kvm");
	small = must(try(kvm, 33), "No memory.");
	try(kvm, 49);
	usual = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");

	must(getrlimit(RLIMIT_NOFILE, &limit), "A bad argument.");
	limit.rlim_cur = usual + 1;
	must(setrlimit(RLIMIT_NOFILE, &limit), "A bad argument.");

	try(kvm, 64);
	must(close(small), "It was not open.");
	try(kvm, 65);
	large = must(try(kvm, 48), "No memory.");

	must(close(large), "It was not open.");
	must(close(usual), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
