/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_GET_ONE_REG */
#include "bus.h"

int main(void)
{
	printf("0 missed\n");
	return 0;
}
