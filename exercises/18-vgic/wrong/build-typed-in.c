/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: kvm_mmio|kvm_io_bus_register_dev|KVM_SET_DEVICE_ATTR */
#include "gic.h"

int main(int argc, char **argv)
{
	if (argc == 3)
		printf("vCPU %s\n", argv[1]);
	return 0;
}
