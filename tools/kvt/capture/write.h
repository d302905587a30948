/* SPDX-License-Identifier: MIT */
/* Writes a capture: the .kvt format, from a tree. */
#ifndef KVT_WRITE_H
#define KVT_WRITE_H

#include <stdio.h>

#include "capture/capture.h"
#include "capture/walk.h"

struct capture;
struct view;

/* Writes what VIEW selects as a capture of its own, unfolded. */
void capture_write(FILE *out, const struct capture *c,
		   const struct view *view);

#endif
