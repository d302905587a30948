/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: kvm_hvc_arm64 */
#include "vmm.h"

int main(void)
{
	printf("PSCI 1.3\nSYSTEM_SUSPEND: no\nSYSTEM_SUSPEND: yes\n");
	return 0;
}
