/* SPDX-License-Identifier: MIT */
/*
 * symbols.tsv, the index of a kernel's source.
 *
 * symbols_load() dies with KVT_FAILED when the file is missing or no table.
 * All strings belong to the struct symbols; symbols_free() ends it.
 */
#ifndef KVT_SYMBOLS_H
#define KVT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

struct symbol {
	char *name;
	char *kind;		/* function, variable, struct, macro, ... */
	char *path;		/* relative to the kernel tree */
	int line;		/* of the definition, from 1 */
	int end;		/* its last line; 0 when unknown */
};

struct symbols {
	struct symbol *sym;
	size_t count;
	const char *release;	/* of the kernel, "7.1.13"; NULL: the table
				 * does not say */
	char *text;
};

struct symbols *symbols_load(const char *path);
/* Can its lines be those of KERNEL, the line of a capture's header: "7.1.13
 * aarch64 ..."?  What follows the release, as distributions have it, does not
 * matter. */
bool symbols_are_of(const struct symbols *s, const char *kernel);
/* The definition that NAME means, with or without a suffix; or NULL, as always
 * when S is NULL. */
const struct symbol *symbols_find(const struct symbols *s, const char *name);
void symbols_free(struct symbols *s);
/* Cuts what the compiler appends to the name of a function whose arguments or
 * extent it changed: "foo.isra.0" becomes "foo". */
void strip_suffix(char *name);

/* The kernel directories whose functions are recorded. */
bool is_kvm_path(const char *path);
/* Functions just outside of KVM that calls into it go through; ends with
 * NULL. */
extern const char *const boundary_functions[];

#endif
