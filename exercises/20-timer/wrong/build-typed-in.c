/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_ARM_SET_COUNTER_OFFSET */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("INTID %s, clocks %s s and %s s\n", argv[2],
		       argv[1], argv[1]);
	return 0;
}
