/* SPDX-License-Identifier: MIT */
/*
 * Is a capture whole?  Its last line counts the records and has the SHA-256
 * of all lines before it.
 *
 * Both functions set C's count of records to what the end line says, and
 * return how many bytes stand before that line.  They die with
 * KVT_BAD_CAPTURE if the capture is truncated, altered, no text, or of
 * another version of the format.
 */
#ifndef KVT_WHOLE_H
#define KVT_WHOLE_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "capture/capture.h"

/* SIZE bytes in memory, with a NUL behind them. */
size_t check_whole(struct capture *c, const char *text, size_t size);
/* The same in pieces: all SIZE bytes of IN. */
off_t check_whole_file(struct capture *c, FILE *in, off_t size);

#endif
