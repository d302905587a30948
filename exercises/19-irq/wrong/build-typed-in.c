/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|vgic_v3_dispatch_sgi */
#include "lines.h"

int main(int argc, char **argv)
{
	if (argc == 2)
		printf("%s calls\n", argv[1]);
	return 0;
}
