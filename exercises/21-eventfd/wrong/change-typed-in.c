/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_IOEVENTFD */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s answers\n", argv[1]);
	return 0;
}
