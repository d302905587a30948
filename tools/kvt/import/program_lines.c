// SPDX-License-Identifier: MIT
/* Where in the program a system call was made, by way of addr2line. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "import/program_lines.h"

struct place {
	uint64_t address;
	char **frame;		/* "FILE:LINE", what is inlined first */
	int frames;
};

struct lines {
	struct place *place;	/* by address */
	size_t count;
};

static int by_address(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	return p->address < q->address ? -1 : p->address > q->address;
}

/* Plain where arm64 is the machine's own. */
const char *addr2line(void)
{
	const char *chosen = getenv("ADDR2LINE");

	if (chosen)
		return chosen;
#ifdef __aarch64__
	return "addr2line";
#else
	return "aarch64-linux-gnu-addr2line";
#endif
}

static void add_frame(struct place *p, const char *line)
{
	char *frame = xstrdup(line);

	frame[strcspn(frame, " \n")] = '\0';	/* "(discriminator 2)" */
	p->frame = xrealloc(p->frame, (p->frames + 1) * sizeof(*p->frame));
	p->frame[p->frames++] = frame;
}

/* Runs addr2line on the addresses in the file ASKED; reads its answer. */
static void ask(struct lines *l, const char *program, const char *asked)
{
	char *command = xasprintf("%s -a -i -e '%s' <'%s' 2>/dev/null",
				  addr2line(), program, asked);
	FILE *in = popen(command, "re");
	char *line = NULL;
	size_t room = 0, next = 0;

	while (in && getline(&line, &room, in) > 0)
		if (!strncmp(line, "0x", 2))
			next++;
		else if (next && next <= l->count)
			add_frame(&l->place[next - 1], line);
	if (!in || pclose(in))
		warn("%s cannot read %s: the capture has no lines of the"
		     " program", addr2line(), program);
	free(line);
	free(command);
}

struct lines *lines_load(const char *program, const uint64_t *address,
			 size_t count)
{
	struct lines *l = xcalloc(1, sizeof(*l));
	char asked[] = "/tmp/kvt-lines-XXXXXX";
	int fd = mkstemp(asked);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		die(KVT_FAILED, "cannot make a file in /tmp");
	if (strchr(program, '\''))
		die(KVT_FAILED, "%s: a quote in a program's name", program);
	l->count = count;
	l->place = xcalloc(count, sizeof(*l->place));
	for (size_t i = 0; i < count; i++) {
		l->place[i].address = address[i];
		/* The call is before the address to which it returns. */
		fprintf(out, "%" PRIx64 "\n", address[i] - 4);
	}
	close_file(out, asked);
	ask(l, program, asked);
	unlink(asked);
	qsort(l->place, count, sizeof(*l->place), by_address);
	return l;
}

/* Is FRAME, "/somewhere/code/x.c:12", in the file SOURCE, "code/x.c"? */
static const char *line_in(const char *frame, const char *source)
{
	const char *colon = strrchr(frame, ':');
	size_t n = strlen(source), length = colon ? colon - frame : 0;

	if (length < n || strncmp(colon - n, source, n) ||
	    (length > n && colon[-1 - (long)n] != '/'))
		return NULL;
	return colon[1] == '?' ? NULL : colon + 1;
}

static char *find_in(const struct lines *l,
		     const uint64_t address[USER_ADDRESSES],
		     const char *source)
{
	for (int i = 0; i < USER_ADDRESSES; i++) {
		struct place key = { .address = address[i] }, *p;

		p = bsearch(&key, l->place, l->count, sizeof(key),
			    by_address);
		for (int f = 0; p && f < p->frames; f++) {
			const char *line = line_in(p->frame[f], source);

			if (line)
				return xasprintf("%s:%s", source, line);
		}
	}
	return NULL;
}

char *lines_find(const struct lines *l, const uint64_t address[USER_ADDRESSES],
		 char *const *source, int sources)
{
	char *place = NULL;

	for (int i = 0; i < sources && !place; i++)
		place = find_in(l, address, source[i]);
	return place;
}

int lines_at(const struct lines *l, uint64_t address, char ***frame)
{
	struct place key = { .address = address }, *p;

	p = bsearch(&key, l->place, l->count, sizeof(key), by_address);
	*frame = p ? p->frame : NULL;
	return p ? p->frames : 0;
}

void lines_free(struct lines *l)
{
	for (size_t i = 0; i < l->count; i++) {
		for (int f = 0; f < l->place[i].frames; f++)
			free(l->place[i].frame[f]);
		free(l->place[i].frame);
	}
	free(l->place);
	free(l);
}
