/* SPDX-License-Identifier: MIT */
/* MTE: memory with a tag for each 16 bytes.  Chapter 26. */
/* [mte-headers] */
#ifndef MTE_H
#define MTE_H

#include "vmm.h"
/* [/mte-headers] */

/* [enable] */
/* A tag belongs to a granule of 16 bytes. */
enum { GRANULE = 16, TAGGED_PAGE = 4096 };

/* Gives a VM without vCPUs tagged memory, or ends the program. */
static inline void enable_mte(int vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_MTE };

	kvm_ioctl(vm, KVM_ENABLE_CAP, &cap,
		  "This host has no MTE, or there is a vCPU already.");
}
/* [/enable] */

/* [tags] */
/*
 * Copies the tags of whole pages, at a guest ADDRESS, LENGTH in bytes,
 * from or to TAGS, where each has a byte.  FLAGS is the direction:
 * KVM_ARM_TAGS_FROM_GUEST or KVM_ARM_TAGS_TO_GUEST.  Returns how many
 * bytes of memory that was, or -1 and errno.
 */
static inline int copy_tags(int vm, uint64_t address, uint64_t length,
			    uint8_t *tags, uint64_t flags)
{
	struct kvm_arm_copy_mte_tags copy = {
		.guest_ipa = address,
		.length = length,
		.addr = tags,
		.flags = flags,
	};

	return ioctl(vm, KVM_ARM_MTE_COPY_TAGS, &copy);
}
/* [/tags] */

/* [mte-end] */
#endif
/* [/mte-end] */
