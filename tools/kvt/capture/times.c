// SPDX-License-Identifier: MIT
/* Reads when each record of a capture began, from the file beside it. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/tsv.h"
#include "capture/capture.h"
#include "capture/times.h"

struct times {
	const char *file;
	const struct capture *c;
	FILE *in;
	char *line;
	size_t room;
	unsigned long lines;
	unsigned long records;
};

/* Reads the next line that is no comment; false: there is none. */
static bool next_line(struct times *t)
{
	ssize_t n;

	do {
		n = getline(&t->line, &t->room, t->in);
		t->lines++;
	} while (n > 0 && *t->line == '#');
	if (n > 0 && t->line[n - 1] == '\n')
		t->line[n - 1] = '\0';
	return n > 0;
}

struct times *times_open(const char *file, const struct capture *c)
{
	struct times *t = xcalloc(1, sizeof(*t));

	t->file = file;
	t->c = c;
	t->in = open_file(file, "re");
	if (!next_line(t) ||
	    strcmp(t->line, "record\tstart_ns\tduration_ns\tcpu"))
		die(KVT_BAD_CAPTURE, "%s has no times: its first line is not"
		    " that of a file that --times wrote", file);
	return t;
}

static bool parse_time(char *line, unsigned long record, struct record_time *m)
{
	unsigned long number;
	char *field[4], *end[4];

	if (split_tabs(line, field, 4) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		if (*field[i] < '0' || *field[i] > '9')
			return false;
	errno = 0;
	number = strtoul(field[0], &end[0], 10);
	m->start = strtoull(field[1], &end[1], 10);
	m->duration = strtoull(field[2], &end[2], 10);
	m->cpu = strtoul(field[3], &end[3], 10);
	return !errno && number == record && !*end[0] && !*end[1] &&
	       !*end[2] && !*end[3];
}

static void refuse_times(const struct times *t, const char *than)
	__attribute__((noreturn));

static void refuse_times(const struct times *t, const char *than)
{
	die(KVT_BAD_CAPTURE, "%s has the times of %s records than %s has:"
	    " they are not of one recording", t->file, than, t->c->file);
}

struct record_time times_next(struct times *t)
{
	struct record_time m;

	if (!next_line(t))
		refuse_times(t, "fewer");
	if (!parse_time(t->line, ++t->records, &m))
		die(KVT_BAD_CAPTURE, "%s:%lu: not the record number, start,"
		    " duration and CPU of record %lu", t->file, t->lines,
		    t->records);
	return m;
}

void times_close(struct times *t)
{
	if (next_line(t))
		refuse_times(t, "more");
	fclose(t->in);
	free(t->line);
	free(t);
}
