/* SPDX-License-Identifier: MIT */
/* SHA-256, in hexadecimal. */
#ifndef KVT_SHA256_H
#define KVT_SHA256_H

#include <stddef.h>
#include <nettle/sha2.h>

struct sha256_ctx;

/* Ends a SHA-256: the sum in hexadecimal; SUM can begin again. */
void sha256_end(struct sha256_ctx *sum, char hex[65]);
/* SHA-256 of memory as 64 lower-case hex digits, NUL-terminated. */
void sha256_hex(const void *data, size_t size, char hex[65]);

#endif
