/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: the capture has no KVM_SET_DEVICE_ATTR */
#include "vmm.h"

int main(void)
{
	printf("hvc 0x84000000\nsmc 0x84000000\n"
	       "smc 0xc4000004\n"
	       "hvc 0x8400001f\nsmc 0x84000008\n");
	return 0;
}
