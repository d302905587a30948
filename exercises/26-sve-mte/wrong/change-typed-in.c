/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_SET_ONE_REG */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s bytes, sum %d\n", argv[1],
		       atoi(argv[1]) * atoi(argv[2]));
	return 0;
}
