// SPDX-License-Identifier: MIT
/* symbols.tsv: where each kernel function is defined. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "kernel/symbols.h"

/*
 * Calls into KVM pass through these on their way: the misc device's open,
 * and the makers of anonymous-inode file descriptors.
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
	size_t room = 0;
	char *line, *next;

	s->text = read_file(path, NULL);
	for (line = s->text; *line; line = next) {
		char *f[5];

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (split_tabs(line, f, 5) != 5)
			die(KVT_FAILED, "%s: a line without five fields",
			    path);
		if (line == s->text)
			continue;	/* the heading */
		if (s->count == room)
			s->sym = xrealloc(s->sym, (room = room * 2 + 4096) *
						  sizeof(*s->sym));
		s->sym[s->count++] = (struct symbol){
			.name = f[0], .kind = f[1], .path = f[2],
			.line = atoi(f[3]), .end = atoi(f[4]),
		};
	}
	return s;
}

const struct symbol *symbols_find(const struct symbols *s, const char *name)
{
	size_t low = 0, high = s->count;
	char base[256];

	snprintf(base, sizeof(base), "%s", name);
	strip_suffix(base);
	name = base;
	while (low < high) {	/* the first row of that name */
		size_t mid = low + (high - low) / 2;

		if (strcmp(s->sym[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < s->count && !strcmp(s->sym[low].name, name))
		return &s->sym[low];
	return NULL;
}

void symbols_free(struct symbols *s)
{
	free(s->sym);
	free(s->text);
	free(s);
}

void strip_suffix(char *name)
{
	name[strcspn(name, ".")] = '\0';
}
