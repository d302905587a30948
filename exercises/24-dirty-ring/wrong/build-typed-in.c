/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_CREATE_VM|KVM_RESET_DIRTY_RINGS */
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s and %s pages\n", argv[1], argv[2]);
	return 0;
}
