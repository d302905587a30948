/* SPDX-License-Identifier: MIT */
/* Where a capture is kept; only the files that read captures look inside. */
#ifndef KVT_STORE_H
#define KVT_STORE_H

#include <stdio.h>
#include <sys/types.h>

#include "capture/arena.h"

struct store {
	struct arena keep;	/* lives as long as the capture */
	struct arena tree;	/* a stream's: as long as a system call */
	char *text;		/* NULL for a stream */
	FILE *in;		/* NULL when not a stream */
	off_t end;		/* bytes before its end line */
};

#endif
