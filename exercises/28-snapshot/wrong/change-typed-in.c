/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_CREATE_VM */
#include <stdio.h>

int main(void)
{
	printf("tick 1\ntick 2\ninterrupt 8192\ntick 3\ntick 4\n");
	return 0;
}
