/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel's functions were called from, and which functions the
 * compiler inlined there.
 *
 * sites_open() dies when vmlinux cannot be read or is another kernel than the
 * one that was recorded.  All strings belong to the struct sites and are valid
 * until sites_close().
 */
#ifndef KVT_SITES_H
#define KVT_SITES_H

#include <stdint.h>

#include "capture/capture.h"

struct facts;

enum { MAX_LEVELS = 32 };

struct site_level {
	enum node_kind kind;	/* NODE_INLINED or NODE_UNSEEN */
	const char *name, *place;	/* PLACE: "FILE:LINE" or NULL */
};

struct sites;
/* VMLINUX, with debugging information, is the kernel that FACTS are of. */
struct sites *sites_open(const char *vmlinux, const struct facts *facts);
/*
 * Sets LEVEL to what stands between CALLER (NULL: no traced function) and a
 * call that returns to ADDRESS, outermost first, and returns how many there
 * are.  Sets PLACE to the line of the call itself, or NULL.
 */
int sites_levels(struct sites *s, uint64_t address, const char *caller,
		 struct site_level level[MAX_LEVELS], const char **place);
void sites_close(struct sites *s);

#endif
