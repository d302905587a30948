/* SPDX-License-Identifier: MIT */
/* Where the kernel's functions were called from. */
#ifndef KVT_SITES_H
#define KVT_SITES_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "kernel/facts.h"

struct facts;

enum { MAX_LEVELS = 32 };

struct site_level {
	enum node_kind kind;	/* NODE_INLINED or NODE_UNSEEN */
	char *name, *place;	/* PLACE: "FILE:LINE" or NULL */
};

struct sites;
/*
 * Looks up COUNT return addresses of the kernel of which RUNNING tells and
 * which VMLINUX is, with debugging information; RUNNING is NULL when they are
 * VMLINUX's own addresses, KVM's among them.  What the file TABLE has is not
 * asked again, and what is new goes there; NULL: no table.  Sorts ADDRESS.
 * Dies where the file or addr2line cannot be read, and when VMLINUX is
 * another kernel.
 */
struct sites *sites_load(const char *vmlinux, const struct facts *running,
			 const char *table, uint64_t *address, size_t count);
/*
 * What stands between CALLER (NULL: none that was traced) and a call that
 * returns to ADDRESS, outermost first; returns how many.  PLACE is the line
 * of the call itself, or NULL.  All of it is the sites' own.
 */
int sites_levels(const struct sites *s, uint64_t address, const char *caller,
		 struct site_level level[MAX_LEVELS], const char **place);
void sites_free(struct sites *s);

#endif
