/* SPDX-License-Identifier: MIT */
/*
 * Dirty bitmaps: which pages of a slot has the guest changed?
 * Chapter 23 explains it.
 */
/* [headers] */
#ifndef DIRTY_H
#define DIRTY_H

#include "vmm.h"
/* [/headers] */

/* [get-log] */
/*
 * Fetches the bitmap of a slot: a bit for each page, the first page's
 * the lowest of the first word; as many words as it takes.  Clears it,
 * too, unless that is to be done by hand.
 */
static inline void get_log(int vm, uint32_t slot, uint64_t *bitmap)
{
	struct kvm_dirty_log log = {
		.slot = slot, .dirty_bitmap = bitmap,
	};

	kvm_ioctl(vm, KVM_GET_DIRTY_LOG, &log,
		  "No such slot, or it has no log.");
}
/* [/get-log] */

/* [clear-log] */
/* Clears these bits of a slot's first PAGES pages, by hand. */
static inline void clear_log(int vm, uint32_t slot, uint32_t pages,
			     uint64_t *bitmap)
{
	struct kvm_clear_dirty_log log = {
		.slot = slot, .num_pages = pages,
		.dirty_bitmap = bitmap,
	};

	kvm_ioctl(vm, KVM_CLEAR_DIRTY_LOG, &log,
		  "No such slot, or it has no log, or fewer pages.");
}
/* [/clear-log] */

/* [is-dirty] */
/* Whether a page's bit is set. */
static inline bool is_dirty(const uint64_t *bitmap, int page)
{
	return bitmap[page / 64] >> page % 64 & 1;
}
/* [/is-dirty] */

/* [enable] */
/* Switches on a capability of a VM; ends the program if KVM refuses. */
static inline void enable_cap(int vm, uint32_t cap, uint64_t value)
{
	struct kvm_enable_cap enable = {
		.cap = cap, .args = { value },
	};

	kvm_ioctl(vm, KVM_ENABLE_CAP, &enable,
		  "This VM has no such capability, or not now.");
}
/* [/enable] */

/* [end] */
#endif
/* [/end] */
