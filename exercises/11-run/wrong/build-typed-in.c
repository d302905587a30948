/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: KVM_SET_ONE_REG */
#include "vmm.h"

int main(void)
{
	printf("841\n");
	return 0;
}
