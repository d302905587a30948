/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 */
/* because: KVM_CREATE_VCPU */
#include "kvmbook.h"

int main(void)
{
	printf("511\n");
	return 0;
}
