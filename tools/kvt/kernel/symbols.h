/* SPDX-License-Identifier: MIT */
/* symbols.tsv, the committed index of the kernel's source. */
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
	char *text;
};

struct symbols *symbols_load(const char *path);
/* The definition that NAME means, with or without a suffix; or NULL. */
const struct symbol *symbols_find(const struct symbols *s, const char *name);
void symbols_free(struct symbols *s);
/* Strips what the compiler appends to the name of a function whose
 * arguments or extent it changed: "foo.isra.0" -> "foo". */
void strip_suffix(char *name);

/* The kernel directories whose functions are recorded. */
bool is_kvm_path(const char *path);
/* Functions just outside of KVM that calls pass through; NULL-terminated. */
extern const char *const boundary_functions[];

#endif
