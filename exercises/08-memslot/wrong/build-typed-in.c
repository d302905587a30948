/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 build.5 */
/* because: KVM_SET_USER_MEMORY_REGION */
#include "vmm.h"

int main(void)
{
	printf("slot 0: 0x40000000 to 0x47ffffff\n");
	printf("slot 1: 0x50000000 to 0x53ffffff\n");
	return 0;
}
