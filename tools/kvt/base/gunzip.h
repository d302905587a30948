/* SPDX-License-Identifier: MIT */
/* Files that may be compressed, as gzip does it; their first bytes say so. */
#ifndef KVT_GUNZIP_H
#define KVT_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

/* As read_file() does, a whole file as memory, and unpacked; dies with CODE
 * if it is compressed, and truncated or damaged. */
char *read_unpacked(const char *path, size_t *size, int code);
/* Do these bytes begin a compressed file? */
bool is_gzip(const char *data, size_t size);

#endif
