/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_SET_DEVICE_ATTR */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 4)
		printf("device %s, event %s: 8192 + %s\n", argv[1], argv[2],
		       argv[3]);
	return 0;
}
