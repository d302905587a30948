/* SPDX-License-Identifier: MIT */
/*
 * Dirty rings: each vCPU lists the pages that it has made dirty.
 * Chapter 24 explains it.
 */
/* [headers] */
#ifndef RING_H
#define RING_H

#include "dirty.h"
/* [/headers] */

/* [ring] */
/* A vCPU's ring, and how far this program has read in it. */
struct ring {
	struct kvm_dirty_gfn *entries;
	uint32_t size;		/* how many entries; a power of two */
	uint32_t next;		/* counts on, and is never put back */
};
/* [/ring] */

/* [map-ring] */
/*
 * Maps a vCPU's ring of so many BYTES, as many as its VM has asked for.
 * Ends the program if there is no memory.
 */
static inline struct ring map_ring(int vcpu, uint32_t bytes)
{
	struct ring ring = { .size = bytes / sizeof(*ring.entries) };
	off_t from = KVM_DIRTY_LOG_PAGE_OFFSET * sysconf(_SC_PAGESIZE);

	ring.entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED, vcpu, from);
	if (ring.entries == MAP_FAILED) {
		perror("mmap of a dirty ring");
		exit(1);
	}
	return ring;
}
/* [/map-ring] */

/* [take] */
/*
 * Takes the next entry: a slot, and a page of it.  False if KVM has not
 * written one yet.  KVM may use its place again only after
 * reset_rings().
 */
static inline bool take_page(struct ring *ring,
			     struct kvm_dirty_gfn *page)
{
	struct kvm_dirty_gfn *entry;

	entry = &ring->entries[ring->next % ring->size];
	if (__atomic_load_n(&entry->flags, __ATOMIC_ACQUIRE) !=
	    KVM_DIRTY_GFN_F_DIRTY)
		return false;
	page->slot = entry->slot;
	page->offset = entry->offset;
	__atomic_store_n(&entry->flags, KVM_DIRTY_GFN_F_RESET,
			 __ATOMIC_RELEASE);
	ring->next++;
	return true;
}
/* [/take] */

/* [reset] */
/*
 * Has KVM watch the pages again that were taken from any ring of the
 * VM.  Returns how many entries they were.  Copy a page only after it.
 */
static inline int reset_rings(int vm)
{
	return kvm_ioctl(vm, KVM_RESET_DIRTY_RINGS, 0,
			 "This VM has no rings.");
}
/* [/reset] */

/* [end] */
#endif
/* [/end] */
