/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: KVM_GET_REG_LIST */
#include "vmm.h"

int main(void)
{
	printf("pc 0x40001234\n"
	       "v0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
	return 0;
}
