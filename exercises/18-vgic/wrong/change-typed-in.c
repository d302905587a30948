/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_CREATE_VCPU|before|KVM_RUN */
#include "gic.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("%s redistributors, %s INTIDs\n", argv[1], argv[2]);
	return 0;
}
