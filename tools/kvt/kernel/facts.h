/* SPDX-License-Identifier: MIT */
/*
 * What decoding needs to know of a kernel: a directory of plain files, which
 * `kvt facts` writes.
 *
 * Loading dies with KVT_FAILED when a file is missing or is not what it should
 * be.  The facts live until the program ends.
 */
#ifndef KVT_FACTS_H
#define KVT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_handle;
struct types;

struct function {
	unsigned long number;	/* its line in available_filter_functions */
	uint64_t address;
	char *name;		/* with the compiler's suffix, if any */
	bool is_static;		/* may be inlined by some of its callers */
};

struct facts {
	struct function *function;	/* by address */
	size_t functions;
	struct function *variable;	/* KVM's, by address; no numbers */
	size_t variables;
	size_t untraced;		/* KVM functions out of sight */
	char *release;			/* uname -r */
	char config[65];		/* SHA-256 of the configuration */
	struct types *types;
	struct tep_handle *tep;		/* formats of the events we record */
};

/* A functions.tsv, in its order; functions_free() frees it. */
struct function *functions_load(const char *path, size_t *count);
void functions_free(struct function *f);
struct facts *facts_load(const char *dir);
/* The function that begins at ADDR or a few bytes from it, or NULL. */
const struct function *facts_function(const struct facts *f, uint64_t addr);
/* The variable of KVM's at exactly that address, or NULL. */
const char *facts_variable(const struct facts *f, uint64_t addr);

#endif
