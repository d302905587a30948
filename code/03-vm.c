/* SPDX-License-Identifier: MIT */
/* Chapter 3: make a virtual machine with nothing in it. */
/* [headers] */
#include "kvmbook.h"
#include <sys/klog.h>
#include <sys/resource.h>
/* [/headers] */

/* [print-mode] */
/* Prints what KVM said at boot of how it uses the processor. */
static void print_mode(void)
{
	static char log[1 << 20];
	int length = klogctl(3 /* read it all */, log, sizeof(log) - 1);
	char *line = strtok(log, "\n");

	if (length < 0)
		printf("The kernel's log: %s\n", strerror(errno));
	for (; line; line = strtok(NULL, "\n"))
		if (strstr(line, "kvm") && strstr(line, "mode init"))
			printf("%s\n", strstr(line, "kvm"));
}
/* [/print-mode] */

/* [set-limit] */
/* Sets how many descriptors the process may have open. */
static void set_limit(const struct rlimit *limit)
{
	must(setrlimit(RLIMIT_NOFILE, limit),
	     "Raising the hard limit needs CAP_SYS_RESOURCE.");
}
/* [/set-limit] */

/* [main] */
int main(void)
{
	struct rlimit before, full;
	int kvm, vm, any, this;

	kvm = open_kvm("/dev/kvm");
	print_mode();
/* [/main] */

/* [create] */
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0,
		       "No memory, or no file descriptor left.");
	print_name(kvm);
	print_name(vm);
/* [/create] */

/* [ask] */
	any = kvm_ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS,
			"This file is not the KVM device.");
	this = kvm_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS,
			 "Very old kernels answer on /dev/kvm only.");
	printf("KVM_CAP_MAX_VCPUS: %d for any VM, %d for this one\n",
	       any, this);
/* [/ask] */

/* [type] */
	kvm_ioctl_fails(kvm, KVM_CREATE_VM, ~0UL, EINVAL);
/* [/type] */

/* [full] */
	must(getrlimit(RLIMIT_NOFILE, &before),
	     "It fails only for a bad argument.");
	full = before;
	full.rlim_cur = vm + 1;
	set_limit(&full);
	printf("With no file descriptor left:\n");
	kvm_ioctl_fails(kvm, KVM_CREATE_VM, 0, EMFILE);
	set_limit(&before);
/* [/full] */

/* [close] */
	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
/* [/close] */
