/* SPDX-License-Identifier: MIT */
/*
 * Why the guest was left, and why the program got control back, in a word.
 *
 * Nothing here dies.  A label is the caller's to free; a kind is never freed.
 */
#ifndef KVT_REASON_H
#define KVT_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/* kvm_entry, kvm_exit and kvm_userspace_exit: the guest comes and goes. */
bool is_guest_event(const struct node *n);
/* "DABT" of kvm_exit(ret=TRAP, esr_ec=DABT_LOW, ...), "IRQ" of one that is no
 * trap. */
char *exit_label(const struct node *exit);
/* "MMIO" of kvm_userspace_exit(reason=KVM_EXIT_MMIO, errno=0); "" if it has no
 * reason. */
char *return_label(const struct node *userspace_exit);
/* The kind of either: memory, call, wait, interrupt, debug, register, or
 * other. */
const char *reason_kind(const char *label);
/* What NAME= says among the arguments of N, of *LENGTH bytes, or NULL. */
const char *argument_of(const struct node *n, const char *name, size_t *length);

#endif
