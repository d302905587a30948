/* SPDX-License-Identifier: MIT */
/* Chapter 5: fill one VM with as many vCPUs as KVM allows. */
/* [include] */
#include <sys/resource.h>
#include "kvmbook.h"

/* Descriptors for all that is not a vCPU: more than we open. */
enum { SPARE = 20 };
/* [/include] */

/* [files] */
/* Lets this process have the descriptors below WANTED, no others. */
static void limit_files(rlim_t wanted)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0) {
		perror("getrlimit RLIMIT_NOFILE");
		exit(1);
	}
	files.rlim_cur = wanted;
	if (files.rlim_max < wanted)
		files.rlim_max = wanted;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0) {
		fprintf(stderr, "setrlimit to %d: %s\n"
			"Raising the hard limit takes a privilege"
			" (ulimit -Hn shows it).\n",
			(int)wanted, strerror(errno));
		exit(1);
	}
}
/* [/files] */

/* [fill] */
/* Makes a VM with COUNT vCPUs, whose IDs begin at FIRST. */
static void fill(int kvm, int first, int count)
{
	int vm, i, *vcpus = calloc(count, sizeof(*vcpus));

	if (!vcpus) {
		fprintf(stderr, "No memory for %d numbers.\n", count);
		exit(1);
	}
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory for a VM?");
	for (i = 0; i < count; i++)
		vcpus[i] = kvm_ioctl(vm, KVM_CREATE_VCPU, first + i,
				     "No descriptor left?");
	printf("one VM, %d vCPUs: IDs %d to %d, descriptors %d to %d\n",
	       count, first, first + count - 1,
	       vcpus[0], vcpus[count - 1]);
/* [/fill] */

/* [full] */
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, first, EINVAL);
/* [/full] */

/* [empty] */
	for (i = 0; i < count; i++)
		must(close(vcpus[i]), "It was not open.");
	must(close(vm), "It was not open.");
	free(vcpus);
}
/* [/empty] */

/* [main] */
int main(void)
{
	int kvm, vm, max_vcpus, max_id;
/* [/main] */

/* [limits] */
	kvm = open_kvm("/dev/kvm");
	max_id = kvm_ioctl(kvm, KVM_CHECK_EXTENSION,
			   KVM_CAP_MAX_VCPU_ID, "This cannot fail.");
	max_vcpus = kvm_ioctl(kvm, KVM_CHECK_EXTENSION,
			      KVM_CAP_MAX_VCPUS, "This cannot fail.");
	printf("KVM_CAP_MAX_VCPU_ID: %d\n", max_id);
	printf("KVM_CAP_MAX_VCPUS:   %d\n", max_vcpus);
	if (!max_id)
		max_id = max_vcpus;
/* [/limits] */

/* [errors] */
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory for a VM?");
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, max_id, EINVAL);
	limit_files(vm + 1);
	kvm_ioctl_fails(vm, KVM_CREATE_VCPU, 0, EMFILE);
	must(close(vm), "It was not open.");
/* [/errors] */

/* [batches] */
	limit_files(max_vcpus + SPARE);
	fill(kvm, 0, max_vcpus);
	if (max_id > max_vcpus)
		fill(kvm, max_id - max_vcpus, max_vcpus);
	else
		printf("no higher IDs: no second VM\n");

	must(close(kvm), "It was not open.");
	return 0;
}
/* [/batches] */
