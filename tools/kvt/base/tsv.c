// SPDX-License-Identifier: MIT
/* Lines of fields with tabs between. */
#include <string.h>

#include "base/tsv.h"

int split_tabs(char *line, char **field, int max)
{
	int n = 0;

	while (n < max) {
		field[n++] = line;
		line = strchr(line, '\t');
		if (!line)
			break;
		*line++ = '\0';
	}
	return n;
}
