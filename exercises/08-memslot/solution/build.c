/* SPDX-License-Identifier: MIT */
/* Exercise 8, build: a guest's memory, with a hole for devices. */
#include "vmm.h"

/* The guest's memory begins here ... */
#define RAM		0x40000000ULL
/* ... and is interrupted here: addresses for devices. */
#define HOLE		0x48000000ULL
#define HOLE_END	0x50000000ULL

static void add(int vm, int slot, uint64_t address, uint64_t size,
		void *memory)
{
	add_memory(vm, slot, address, memory, size, 0);
	printf("slot %d: 0x%llx to 0x%llx\n", slot,
	       (unsigned long long)address,
	       (unsigned long long)(address + size - 1));
}

int main(int argc, char **argv)
{
	const uint64_t below = HOLE - RAM;
	uint64_t size;
	char *memory;
	int kvm, vm;

	if (argc != 2) {
		fprintf(stderr, "usage: %s MEBIBYTES\n", argv[0]);
		return 2;
	}
	size = strtoull(argv[1], NULL, 0) << 20;
	memory = map(-1, size);

	kvm = open_kvm("/dev/kvm");
	vm = create_vm(kvm);
	add(vm, 0, RAM, size < below ? size : below, memory);
	if (size > below)
		add(vm, 1, HOLE_END, size - below, memory + below);

	add_memory(vm, 2, HOLE, memory, HOLE_END - HOLE, 0);
	add_memory(vm, 2, HOLE, memory, 0, 0);

	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
