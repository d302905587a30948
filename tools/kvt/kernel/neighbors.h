/* SPDX-License-Identifier: MIT */
/*
 * Which of a kernel's functions are KVM's, where their names do not tell.
 *
 * KVM's objects are linked next to each other, so a function of KVM's has
 * mostly others of KVM's for neighbors.  KIND holds a character for each
 * function that the kernel can trace, in the order of their addresses.
 */
#ifndef KVT_NEIGHBORS_H
#define KVT_NEIGHBORS_H

#include <stdbool.h>
#include <stddef.h>

enum {
	KIND_KVM = 'K',		/* the index has the name, among KVM's */
	KIND_OTHER = 'o',	/* ... and not among KVM's */
	KIND_UNKNOWN = '.',	/* the index does not have the name */
	KIND_NEW = 'n',		/* neither, and it lies among KVM's */
};

/* Is the function AT, which has a name of KVM's, one of them?  A static
 * function elsewhere in the kernel may share such a name. */
bool neighbors_are_kvm(const char *kind, size_t count, size_t at);
/* Makes those that are unknown and lie among KVM's new ones; returns how many
 * they are. */
size_t neighbors_find_new(char *kind, size_t count);

#endif
