/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_SET_GSI_ROUTING */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 2)
		printf("%s SPIs, %s LPIs\n", argv[1], argv[1]);
	return 0;
}
