/* SPDX-License-Identifier: MIT */
/*
 * What a call is, for links that last: its name, and the how-many-th of that
 * name it is below the recorded call that made it.  KVM_RUN.2/kvm_vcpu_ioctl/
 * is the way to what the second KVM_RUN's kvm_vcpu_ioctl() called.  Levels,
 * of which nothing was recorded, do not count as steps of a way.
 *
 * identities_of() counts all calls of a capture once, in time that is linear
 * in its length.  It keeps numbers, not nodes, but they are those of the tree
 * as it was then.
 */
#ifndef KVT_IDENTITY_H
#define KVT_IDENTITY_H

#include <stddef.h>

#include "capture/capture.h"

struct identities;
struct identities *identities_of(const struct capture *c);
void identities_free(struct identities *all);
/* From 1. */
unsigned long identity_number(const struct identities *all,
			      const struct node *n);
/* The name of a call, a system call's being its request if it has one; it
 * lasts as long as N. */
const char *identity_name(const struct node *n, size_t *length);
/* The call that was recorded and that N is, or is a level of; or NULL. */
const struct node *identity_recorded(const struct node *n);
/* The way to what N called, to be freed. */
char *identity_way(const struct identities *all, const struct node *n);
/* N's own link on a page of the book, as script/calls.js makes it, without
 * "#"; to be freed. */
char *identity_link(const struct identities *all, const struct capture *c,
		    const struct node *n);

#endif
