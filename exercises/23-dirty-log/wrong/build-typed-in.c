/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_GET_DIRTY_LOG */
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("pages %s %s: all is there\n", argv[1], argv[2]);
	return 0;
}
