/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_CREATE_VM */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("the sum is %llu\n", strtoull(argv[1], NULL, 0) +
		       strtoull(argv[2], NULL, 0));
	return 0;
}
