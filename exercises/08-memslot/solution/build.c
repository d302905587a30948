/* SPDX-License-Identifier: MIT */
/* Exercise 8, build: a guest's memory, with a hole for devices. */
#include <stdint.h>
#include <sys/mman.h>
#include "kvmbook.h"

/* The guest's memory begins here ... */
#define RAM		0x40000000ULL
/* ... and is interrupted here: addresses for devices. */
#define HOLE		0x48000000ULL
#define HOLE_END	0x50000000ULL

static void set(int vm, int slot, uint64_t address, uint64_t size,
		void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region,
		  "The slot overlaps another or is not made of pages.");
}

static void add(int vm, int slot, uint64_t address, uint64_t size,
		void *memory)
{
	set(vm, slot, address, size, memory);
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
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		perror("mmap");
		return 1;
	}

	kvm = open_kvm("/dev/kvm");
	vm = kvm_ioctl(kvm, KVM_CREATE_VM, 0, "No memory.");
	add(vm, 0, RAM, size < below ? size : below, memory);
	if (size > below)
		add(vm, 1, HOLE_END, size - below, memory + below);

	set(vm, 2, HOLE, HOLE_END - HOLE, memory);
	set(vm, 2, HOLE, 0, memory);

	must(close(vm), "It was not open.");
	must(close(kvm), "It was not open.");
	return 0;
}
