/* SPDX-License-Identifier: MIT */
/* loses: change.1 change.2 change.3 */
/* because: kvm_mmio|KVM_CREATE_VM|KVM_RESET_DIRTY_RINGS */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int stores = 0;

	for (int n = argc == 2 ? atoi(argv[1]) : 0; n; n /= 2)
		stores += n;
	printf("%d of %d stores\n", stores, stores);
	return 0;
}
