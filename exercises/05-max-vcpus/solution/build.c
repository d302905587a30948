/* SPDX-License-Identifier: MIT */
/* Exercise 5, build: vCPUs whose IDs have gaps. */
#include "kvmbook.h"

/* Makes a VM with vCPUs whose IDs go up in steps, and closes it. */
static void make(int kvm, int count, int step)
{
	int vm, i, *vcpus = calloc(count, sizeof(*vcpus));

	if (!vcpus) {
		fprintf(stderr, "No memory for %d numbers.\n", count);
		exit(1);
	}
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	for (i = 0; i < count; i++)
		vcpus[i] = kvm_ioctl(vm, KVM_CREATE_VCPU, i * step,
				     "No descriptor left?");
	printf("%d vCPUs: IDs 0 to %d\n", count, (count - 1) * step);

	for (i = 0; i < count; i++)
		must(close(vcpus[i]), "It was not open.");
	must(close(vm), "It was not open.");
	free(vcpus);
}

int main(int argc, char **argv)
{
	int kvm = open_kvm("/dev/kvm");
	int max_vcpus, max_id;

	max_vcpus = kvm_ioctl(kvm, KVM_CHECK_EXTENSION,
			      KVM_CAP_MAX_VCPUS, "This cannot fail.");
	max_id = kvm_ioctl(kvm, KVM_CHECK_EXTENSION,
			   KVM_CAP_MAX_VCPU_ID, "This cannot fail.");
	if (!max_id)
		max_id = max_vcpus;

	for (int i = 1; i + 1 < argc; i += 2) {
		int count = atoi(argv[i]), step = atoi(argv[i + 1]);
		int last = (count - 1) * step;

		if (count > max_vcpus)
			printf("%d vCPUs: too many\n", count);
		else if (last >= max_id)
			printf("%d vCPUs: ID %d is too large\n", count,
			       last);
		else
			make(kvm, count, step);
	}
	must(close(kvm), "It was not open.");
	return 0;
}
