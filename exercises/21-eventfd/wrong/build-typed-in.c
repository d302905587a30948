/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: kvm_mmio|KVM_REGISTER_COALESCED_MMIO */
#include "bus.h"

int main(int argc, char **argv)
{
	for (int i = 0; argc == 2 && i < atoi(argv[1]); i++)
		putchar('a' + i % 26);
	putchar('\n');
	return 0;
}
