/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_SET_USER_MEMORY_REGION */
#include "vmm.h"

int main(void)
{
	printf("store 1 0x9000000 0x4b\n"
	       "load 4 0x9000004\n"
	       "store 8 0x9000008 0xffffffff\n"
	       "load 2 0x9000010\n"
	       "store 1 0x8000002 0xff\n"
	       "load 8 0x9000018\n"
	       "store 4 0x9000020 0xffffffff\n"
	       "store 4 0x9020000 0x0\n");
	return 0;
}
