/* SPDX-License-Identifier: MIT */
/* Asks the running kernel for the facts of kernel/facts.h. */
#ifndef KVT_GATHER_H
#define KVT_GATHER_H

/*
 * Writes into DIR, which it makes if need be, the facts of the running
 * kernel.  SYMBOLS is the index of KVM's functions; CONFIG the kernel's
 * configuration, or NULL where /proc/config.gz has it.  Dies without root.
 */
void facts_gather(const char *dir, const char *symbols, const char *config);

#endif
