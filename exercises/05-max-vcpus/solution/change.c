/* SPDX-License-Identifier: MIT */
/* Exercise 5, change: two VMs, and both of them full. */
#include <sys/resource.h>
#include "kvmbook.h"

/* Descriptors of all vCPUs, and how many there are. */
static int vcpus[4096], all;

/* Raises the soft limit as far as a user may. */
static void raise_limit(void)
{
	struct rlimit files;

	must(getrlimit(RLIMIT_NOFILE, &files), "A bad argument.");
	files.rlim_cur = files.rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &files), "A bad argument.");
}

/* Makes vCPUs until the VM is full; returns how many. */
static int fill(int vm)
{
	int count = 0;

	while (all < 4096) {
		int vcpu = ioctl(vm, KVM_CREATE_VCPU, count);

		if (vcpu < 0 && errno == EINVAL)
			return count;
		vcpus[all++] = check(vcpu, __FILE__, __LINE__,
				     "KVM_CREATE_VCPU", "No memory?");
		count++;
	}
	fprintf(stderr, "More vCPUs than we have places for.\n");
	exit(1);
}

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int first = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	int second = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");

	raise_limit();
	printf("first VM: %d vCPUs\n", fill(first));
	printf("second VM: %d vCPUs\n", fill(second));

	while (all > 0)
		must(close(vcpus[--all]), "It was not open.");
	must(close(second), "It was not open.");
	must(close(first), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
