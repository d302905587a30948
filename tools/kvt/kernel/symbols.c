// SPDX-License-Identifier: MIT
/* symbols.tsv: where each kernel function is defined. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tsv.h"
#include "base/vec.h"
#include "kernel/symbols.h"

/*
 * Calls into KVM go through these: the misc device's open, and the makers of
 * file descriptors without a name.
 */
const char *const boundary_functions[] = {
	"misc_open", "anon_inode_getfd", "anon_inode_getfile",
	"anon_inode_getfile_fmode", NULL
};

bool is_kvm_path(const char *path)
{
	return !strncmp(path, "virt/kvm/", 9) ||
	       !strncmp(path, "arch/arm64/kvm/", 15);
}

struct symbols *symbols_load(const char *path)
{
	struct symbols *s = xcalloc(1, sizeof(*s));
	struct symbol *sym = NULL;
	struct tsv t;
	char *f[5];

	tsv_open(&t, path);
	s->text = t.text;
	while (tsv_next(&t, f, 5)) {
		if (t.line == 1)
			continue;	/* the heading */
		arrput(sym, ((struct symbol){
			.name = f[0], .kind = f[1], .path = f[2],
			.line = atoi(f[3]), .end = atoi(f[4]),
		}));
		if (!strcmp(f[1], "release"))
			s->release = f[0];
	}
	s->sym = sym;
	s->count = arrlenu(sym);
	return s;
}

bool symbols_are_of(const struct symbols *s, const char *kernel)
{
	size_t n = s->release ? strlen(s->release) : 0;

	return !n || (!strncmp(kernel, s->release, n) &&
		      kernel[n] != '.' && !isdigit((unsigned char)kernel[n]) &&
		      strncmp(kernel + n, "-rc", 3));
}

const struct symbol *symbols_find(const struct symbols *s, const char *name)
{
	size_t low = 0, high = s ? s->count : 0;
	char base[256];

	snprintf(base, sizeof(base), "%s", name);
	strip_suffix(base);
	while (low < high) {	/* the first row of that name */
		size_t mid = low + (high - low) / 2;

		if (strcmp(s->sym[mid].name, base) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (s && low < s->count && !strcmp(s->sym[low].name, base))
		return &s->sym[low];
	return NULL;
}

void symbols_free(struct symbols *s)
{
	arrfree(s->sym);
	free(s->text);
	free(s);
}

void strip_suffix(char *name)
{
	name[strcspn(name, ".")] = '\0';
}
