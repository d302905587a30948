// SPDX-License-Identifier: MIT
/* The kernel's table of exceptions. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/vec.h"
#include "gaps/fixups.h"
#include "gaps/image.h"

/* As the kernel's struct exception_table_entry; offsets are from the field
 * itself. */
struct exception {
	int32_t instruction, fixup;
	int16_t type, data;
};

struct fixup {
	uint64_t at, to;
};

struct fixups {
	struct fixup *fixup;	/* stb_ds, by instruction */
};

static int by_instruction_address(const void *a, const void *b)
{
	const struct fixup *f = a, *g = b;

	return f->at < g->at ? -1 : f->at > g->at;
}

struct fixups *fixups_load(const struct image *kernel)
{
	struct fixups *f = xcalloc(1, sizeof(*f));
	uint64_t at = image_symbol(kernel, "__start___ex_table").address;
	uint64_t end = image_symbol(kernel, "__stop___ex_table").address;
	struct exception e;

	for (; at < end; at += sizeof(e)) {
		const void *from = image_bytes(kernel, at, sizeof(e));

		if (!from)
			die(KVT_FAILED, "%s: its table of exceptions is not in"
			    " the file", image_file(kernel));
		memcpy(&e, from, sizeof(e));
		arrput(f->fixup, ((struct fixup){
			at + e.instruction, at + 4 + e.fixup
		}));
	}
	if (f->fixup)
		qsort(f->fixup, arrlen(f->fixup), sizeof(*f->fixup),
		      by_instruction_address);
	return f;
}

uint64_t fixup_of(const struct fixups *f, uint64_t at)
{
	size_t i = lower_bound(f->fixup, arrlenu(f->fixup), at, at);

	return i < arrlenu(f->fixup) && f->fixup[i].at == at ?
	       f->fixup[i].to : 0;
}

void fixups_free(struct fixups *f)
{
	arrfree(f->fixup);
	free(f);
}
