/* SPDX-License-Identifier: MIT */
/* Chapter 1: open the device, and ask which API it speaks. */
/* [include] */
#include "kvmbook.h"
/* [/include] */

/* [main] */
int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/dev/kvm";
	int kvm, version;
/* [/main] */

/* [open] */
	kvm = open_kvm(path);
	printf("open %s: file descriptor %d\n", path, kvm);
/* [/open] */

/* [version] */
	version = kvm_ioctl(kvm, KVM_GET_API_VERSION, 0,
			    "This file is not the KVM device.");
	printf("KVM_GET_API_VERSION, request 0x%x: %d\n",
	       KVM_GET_API_VERSION, version);
	if (version != KVM_API_VERSION) {
		fprintf(stderr, "This book needs version %d.\n",
			KVM_API_VERSION);
		return 1;
	}
/* [/version] */

/* [errors] */
	kvm_ioctl_fails(kvm, KVM_GET_API_VERSION, 1, EINVAL);
	kvm_ioctl_fails(kvm, KVM_RUN, 0, EINVAL);
/* [/errors] */

/* [close] */
	must(close(kvm), "The descriptor was not open any more.");
	return 0;
}
/* [/close] */
