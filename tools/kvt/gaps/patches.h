/* SPDX-License-Identifier: MIT */
/*
 * The branches that a kernel patches when it boots or later: alternatives, by
 * what the CPU can do, and static keys.  Some depend on how KVM uses EL2:
 * has_vhe() and is_protected_kvm_enabled() are such branches.
 */
#ifndef KVT_PATCHES_H
#define KVT_PATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image;

/* How KVM uses EL2; the words are those of a capture's header. */
enum mode { VHE, NVHE, PROTECTED, MODES };
extern const char *const mode_names[MODES];

struct patch {
	uint64_t at;
	uint64_t target;	/* when it is patched; 0: none */
	bool is[MODES];		/* patched in that mode, */
	bool known;		/* if this is true */
	bool key;		/* a static key: a nop when it is not patched */
};

struct patches;
/* Dies if the tables in KERNEL are cut, or if TREE, its source, does not
 * number the CPU's capabilities. */
struct patches *patches_load(const struct image *kernel, const char *tree);
/* The patches of the instruction AT, COUNT of them. */
const struct patch *patches_at(const struct patches *p, uint64_t at,
			       size_t *count);
/* May the kernel put something else than a nop or a branch at AT, or in place
 * of something else? */
bool patches_rewrite(const struct patches *p, uint64_t at);
void patches_free(struct patches *p);

#endif
