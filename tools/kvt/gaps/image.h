/* SPDX-License-Identifier: MIT */
/*
 * The image of an arm64 kernel: what its vmlinux has at an address, and which
 * symbols.  All that fails dies with KVT_FAILED: the file is none, is cut, or
 * lacks what a kernel with KVM has.  Results are valid until image_close().
 */
#ifndef KVT_IMAGE_H
#define KVT_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct code_function {
	uint64_t address;
	uint64_t size;		/* bytes */
	const char *name;
};

struct image;
struct image *image_open(const char *vmlinux);
void image_close(struct image *m);
/* Its name, for messages. */
const char *image_file(const struct image *m);
/* The SIZE bytes that the kernel has at ADDRESS, or NULL. */
const void *image_bytes(const struct image *m, uint64_t address, uint64_t size);
/* The same of what never changes while the kernel runs, and is no code. */
const void *image_constant(const struct image *m, uint64_t address,
			   uint64_t size);
/* The instruction at ADDRESS in WORD; false: there is none. */
bool image_word(const struct image *m, uint64_t address, uint32_t *word);
/* A symbol that must be there, whatever its type. */
struct code_function image_symbol(const struct image *m, const char *name);
/* The functions by address, then by name. */
const struct code_function *image_functions(const struct image *m,
					    size_t *count);
/* The function that ADDRESS is in, by the first of its names; or NULL. */
const struct code_function *image_find(const struct image *m,
				       uint64_t address);

#endif
