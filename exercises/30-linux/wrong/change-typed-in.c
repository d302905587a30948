/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 change.4 change.5 */
/* because: kvm_mmio|KVM_CREATE_VM */
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc == 2)
		printf("%s\n", argv[1]);
	return 0;
}
