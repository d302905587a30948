/* SPDX-License-Identifier: MIT */
/*
 * The link to a call, which lasts as long as its capture has the call:
 * "11-run/KVM_RUN.2/+1dx3/kvm_handle_guest_abort/gfn_to_memslot".
 * tools/book/README.md has the form; tools/book/script/calls.js makes the same
 * of a page's rows, and tests/browser/strip.spec.mjs compares the two.
 *
 * Nothing here dies.
 */
#ifndef KVT_ANCHOR_H
#define KVT_ANCHOR_H

#include "capture/capture.h"
#include "view/identity.h"

/* Of N, which was recorded: a level has no link of this form.  To be freed. */
char *anchor_of(const struct identities *all, const struct capture *c,
		const struct node *n);

#endif
