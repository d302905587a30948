/* SPDX-License-Identifier: MIT */
/* loses: build.1 build.2 build.3 build.4 */
/* because: kvm_vm_stats_read */
#include "kvmbook.h"

int main(void)
{
	printf("remote_tlb_flush 0\nremote_tlb_flush_requests 0\n");
	return 0;
}
