// SPDX-License-Identifier: MIT
/* Where in the program a system call was made, by its debugging information. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "import/program_lines.h"
#include "kernel/debuginfo.h"

struct program_lines {
	struct debuginfo *info;		/* NULL: the program has no lines */
};

struct program_lines *program_lines_open(const char *program)
{
	struct program_lines *l = xcalloc(1, sizeof(*l));

	l->info = debuginfo_open(program);
	if (!l->info)
		warn("%s is no program with symbols: the capture has no lines"
		     " of it", program);
	return l;
}

/* Is PATH, "/somewhere/code/x.c", the file SOURCE, "code/x.c"?  PATH has no
 * "." and "..", so those at the beginning of SOURCE do not count. */
static bool is_source(const char *path, const char *source)
{
	size_t n, length = path ? strlen(path) : 0;

	while (!strncmp(source, "./", 2) || !strncmp(source, "../", 3))
		source = strchr(source, '/') + 1;
	n = strlen(source);
	return path && length >= n && !strcmp(path + length - n, source) &&
	       (length == n || path[length - n - 1] == '/');
}

static char *find_in_source(struct program_lines *l,
			    const uint64_t address[USER_ADDRESSES],
			    const char *source)
{
	const struct debug_frame *frame;

	for (int i = 0; i < USER_ADDRESSES; i++) {
		/* The call is before the address to which it returns. */
		int n = debuginfo_frames(l->info, address[i] - 4, &frame);

		for (int f = 0; f < n; f++)
			if (frame[f].line && is_source(frame[f].file, source))
				return xasprintf("%s:%d", source,
						 frame[f].line);
	}
	return NULL;
}

char *program_lines_find(struct program_lines *l,
			 const uint64_t address[USER_ADDRESSES],
			 char *const *source, int sources)
{
	char *place = NULL;

	for (int i = 0; l->info && i < sources && !place; i++)
		place = find_in_source(l, address, source[i]);
	return place;
}

void program_lines_close(struct program_lines *l)
{
	if (l->info)
		debuginfo_close(l->info);
	free(l);
}
