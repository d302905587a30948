// SPDX-License-Identifier: MIT
/* SHA-256, in hexadecimal. */
#include <stdint.h>
#include <stdio.h>

#include "base/sha256.h"

void sha256_end(struct sha256_ctx *sum, char hex[65])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(sum, sizeof(digest), digest);
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

void sha256_hex(const void *data, size_t size, char hex[65])
{
	struct sha256_ctx sum;

	sha256_init(&sum);
	sha256_update(&sum, size, data);
	sha256_end(&sum, hex);
}
