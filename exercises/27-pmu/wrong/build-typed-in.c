/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 */
/* because: kvm_mmio */
#include "bus.h"

int main(int argc, char **argv)
{
	if (argc == 2)
		printf("records %d and %d\n", atoi(argv[1]),
		       atoi(argv[1]) + 1);
	return 0;
}
