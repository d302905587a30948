/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_CREATE */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int n, which;

	if (argc != 3)
		return 2;
	n = atoi(argv[1]);
	which = atoi(argv[2]);
	printf("slot 1: %d, slot 2: %d\n", which == 1 ? n : 2 * n,
	       which == 2 ? n : 2 * n);
	return 0;
}
