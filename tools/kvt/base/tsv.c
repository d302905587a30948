// SPDX-License-Identifier: MIT
/* Tables: lines of fields with tabs between. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/gunzip.h"
#include "base/tsv.h"

void tsv_open(struct tsv *t, const char *path)
{
	*t = (struct tsv){ .path = path };
	t->text = t->next = read_unpacked(path, NULL, KVT_FAILED);
}

char *tsv_line(struct tsv *t)
{
	char *line = t->next;

	if (!*line)
		return NULL;
	t->next += strcspn(line, "\n");
	if (*t->next)
		*t->next++ = '\0';
	t->line++;
	return line;
}

bool tsv_next(struct tsv *t, char **field, int fields)
{
	static const char *const words[] = {
		"no", "one", "two", "three", "four", "five", "six", "seven"
	};
	char *line = tsv_line(t);
	int tabs = 0;

	if (!line)
		return false;
	for (const char *p = line; *p; p++)
		tabs += *p == '\t';
	if (split_tabs(line, field, fields) != fields || tabs >= fields)
		die(KVT_FAILED, "%s: a line without %s fields: line %d",
		    t->path, words[fields], t->line);
	return true;
}

void tsv_close(struct tsv *t)
{
	free(t->text);
	t->text = t->next = NULL;
}

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
