/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: kvm */
#include "vmm.h"

int main(int argc, char **argv)
{
	printf("%s presses\n", argc > 1 ? argv[1] : "3");
	return 0;
}
