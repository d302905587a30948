/* SPDX-License-Identifier: MIT */
/* Exercise 1, change: a question that nobody hears fail. */
#include "kvmbook.h"

int main(void)
{
	int kvm = open("/dev/kvm", O_RDWR);
	int version = ioctl(kvm, KVM_GET_API_VERSION, &kvm);

	printf("version %d\n", version);
	return 0;
}
