/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_ARM_MTE_COPY_TAGS */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("tags %s and %s\n0 faults\n", argv[1], argv[2]);
	return 0;
}
