/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_CREATE */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int half;

	if (argc != 2)
		return 2;
	half = (atoi(argv[1]) + 1) / 2;
	printf("sum %d\n", half * half);
	return 0;
}
