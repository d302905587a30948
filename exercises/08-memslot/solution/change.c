/* SPDX-License-Identifier: MIT */
/* Exercise 8, change: more memory, and a flash. */
#include "vmm.h"

int main(void)
{
	int kvm = open_kvm("/dev/kvm");
	int vm = create_vm(kvm);
	char *memory = map(-1, 0x30000);
	char *flash = memory + 0x20000;

	add_memory(vm, 0, 0x40000000, memory, 0x10000, 0);
	add_memory(vm, 1, 0x40010000, memory + 0x10000, 0x10000, 0);

	add_memory(vm, 2, 0, flash, 0x10000, KVM_MEM_READONLY);
	add_memory(vm, 2, 0, flash, 0, 0);
	add_memory(vm, 2, 0, flash, 0x10000, 0);

	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
