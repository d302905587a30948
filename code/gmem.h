/* SPDX-License-Identifier: MIT */
/*
 * guest_memfd: the guest's memory is a file that belongs to the VM.
 * Chapter 25 explains it.
 */
/* [headers] */
#ifndef GMEM_H
#define GMEM_H

#include "vmm.h"
/* [/headers] */

/* [new] */
#ifndef KVM_CAP_GUEST_MEMFD_FLAGS	/* headers before 6.18 */
#define KVM_CAP_GUEST_MEMFD_FLAGS	244
#define GUEST_MEMFD_FLAG_MMAP		(1ULL << 0)
#define GUEST_MEMFD_FLAG_INIT_SHARED	(1ULL << 1)
#endif
/* [/new] */

/* [create-gmem] */
/*
 * Makes SIZE bytes of memory for a VM, a file; returns its descriptor,
 * or ends the program.  The memory lives until the last descriptor and
 * the last mapping of it are gone.
 */
static inline int create_gmem(int vm, uint64_t size, uint64_t flags)
{
	struct kvm_create_guest_memfd create = {
		.size = size, .flags = flags,
	};

	return kvm_ioctl(vm, KVM_CREATE_GUEST_MEMFD, &create,
			 "arm64 has it from Linux 6.18 on; SIZE must be"
			 " whole pages.");
}
/* [/create-gmem] */

/* [region] */
/*
 * A slot of guest_memfd: SIZE bytes of the FILE, from OFFSET on, appear
 * at a guest physical ADDRESS.  HERE is where KVM itself finds what it
 * loads and stores there; NULL only for a slot so small that nothing of
 * the program is that low.
 */
static inline struct kvm_userspace_memory_region2
gmem_region(uint32_t slot, uint64_t address, size_t size, int file,
	    uint64_t offset, void *here)
{
	return (struct kvm_userspace_memory_region2){
		.slot = slot,
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (uintptr_t)here,
		.guest_memfd_offset = offset,
		.guest_memfd = file,
	};
}
/* [/region] */

/* [set-region] */
/* Makes such a slot, or ends the program. */
static inline void set_region(int vm,
		struct kvm_userspace_memory_region2 region)
{
	kvm_ioctl(vm, KVM_SET_USER_MEMORY_REGION2, &region,
		  "It overlaps another slot, or is not of this VM.");
}
/* [/set-region] */

/* [print-memory-fault] */
/* After a KVM_RUN that failed: for which page KVM had no memory. */
static inline void print_memory_fault(const struct kvm_run *run)
{
	if (run->exit_reason == KVM_EXIT_MEMORY_FAULT)
		printf("  MEMORY_FAULT: 0x%llx bytes at 0x%llx,"
		       " flags %llu\n", run->memory_fault.size,
		       run->memory_fault.gpa, run->memory_fault.flags);
}
/* [/print-memory-fault] */

/* [end] */
#endif
/* [/end] */
