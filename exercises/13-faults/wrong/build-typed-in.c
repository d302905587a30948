/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: the capture has no kvm_mmio */
#include "vmm.h"

int main(void)
{
	printf("class 0x3c at 0x40000008\n"
	       "class 0x07 at 0x40000010\n"
	       "class 0x00 at 0x40000018\n");
	return 0;
}
