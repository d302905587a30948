/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 */
/* because: kvm_mmio|KVM_CREATE_VM|KVM_IRQ_LINE */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s before tick %d\n", argv[1],
		       atoi(argv[2]) + 1);
	return 0;
}
