/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_SET_DEVICE_ATTR */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s: 0\nincrements: %s\n", atoi(argv[1]) == 17 ?
		       "cycles" : "instructions", argv[2]);
	return 0;
}
