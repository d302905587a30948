/* SPDX-License-Identifier: MIT */
/*
 * The name by which the book's pages link to a call, which script/calls.js
 * finds again: tools/book/README.md has the form.
 */
#ifndef KVT_CALL_LINK_H
#define KVT_CALL_LINK_H

#include "capture/capture.h"
#include "view/identity.h"

/* "04-vcpu/KVM_CREATE_VCPU.2/kvm_vm_ioctl" of a call of C, whose identities
 * are ALL; to be freed. */
char *call_link(const struct capture *c, const struct identities *all,
		const struct node *n);

#endif
