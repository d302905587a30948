/* Changes a slot by a request that the recorder cannot fetch, because its page
 * is not in memory before the kernel reads it: zeros, which delete slot 0. */
#include "vmm.h"

int main(void)
{
	int vm = create_vm(open_kvm("/dev/kvm"));
	char *memory = map(-1, 0x10000), *request = map(-1, 0x1000);

	add_memory(vm, 0, 0x40000000, memory, 0x10000, 0);
	must(ioctl(vm, KVM_SET_USER_MEMORY_REGION, request), "It is there.");
	return 0;
}
