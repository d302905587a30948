// SPDX-License-Identifier: MIT
/* Is a capture whole?  Looks at the first line, the last, and the checksum. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/sha256.h"
#include "capture/capture.h"
#include "capture/whole.h"

static void check_version(const struct capture *c, const char *text)
{
	int digits;

	if (strncmp(text, "kvt ", 4))
		die(KVT_BAD_CAPTURE, "%s is not a capture (no 'kvt' line)",
		    c->file);
	digits = strspn(text + 4, "0123456789.");
	if (strncmp(text, "kvt 1\n", 6))
		die(KVT_BAD_CAPTURE, "%s: version '%.*s' of the format; this"
		    " kvt reads version 1", c->file, digits < 16 ? digits : 16,
		    text + 4);
}

/* Where in TEXT the end line begins; dies if there is none. */
static size_t find_end_line(const struct capture *c, const char *text,
			    size_t size)
{
	size_t end = size;

	if (!end || text[--end] != '\n')
		die(KVT_BAD_CAPTURE, "%s is truncated: its last line has no"
		    " end", c->file);
	while (end && text[end - 1] != '\n')
		end--;
	if (!end || strncmp(text + end, "end ", 4))
		die(KVT_BAD_CAPTURE, "%s is truncated: it has no 'end' line",
		    c->file);
	return end;
}

/* Compares the end line with the checksum of all lines before it. */
static void check_end_line(struct capture *c, const char *line,
			   const char *hex)
{
	char want[128];

	c->records = strtoul(line + 4, NULL, 10);
	snprintf(want, sizeof(want), "end %lu sha256:%s\n", c->records, hex);
	if (strcmp(want, line))
		die(KVT_BAD_CAPTURE, "%s was altered: its checksum is not"
		    " that of its lines", c->file);
}

static void check_no_nul(const struct capture *c, const char *text,
			 size_t size)
{
	if (memchr(text, '\0', size))
		die(KVT_BAD_CAPTURE, "%s is not text", c->file);
}

size_t check_whole(struct capture *c, const char *text, size_t size)
{
	char hex[65];
	size_t end;

	check_no_nul(c, text, size);
	check_version(c, text);
	end = find_end_line(c, text, size);
	sha256_hex(text, end, hex);
	check_end_line(c, text + end, hex);
	return end;
}

static size_t read_exactly(const struct capture *c, FILE *in, char *to,
			   size_t size)
{
	if (fread(to, 1, size, in) != size)
		die(KVT_FAILED, "%s: cannot read", c->file);
	return size;
}

static void sum_file(const struct capture *c, FILE *in, off_t left,
		     char hex[65])
{
	static char buf[65536];
	struct sha256_ctx sum;

	rewind(in);
	sha256_init(&sum);
	while (left) {
		size_t got = left < (off_t)sizeof(buf) ? (size_t)left
						       : sizeof(buf);

		left -= read_exactly(c, in, buf, got);
		check_no_nul(c, buf, got);
		sha256_update(&sum, got, (uint8_t *)buf);
	}
	sha256_end(&sum, hex);
}

off_t check_whole_file(struct capture *c, FILE *in, off_t size)
{
	char head[65] = "", tail[256] = "", hex[65];
	size_t length = size < 255 ? size : 255;
	off_t before = size - length;
	size_t end;

	if (fseeko(in, before, SEEK_SET))
		die(KVT_FAILED, "%s: cannot read", c->file);
	read_exactly(c, in, tail, length);
	check_no_nul(c, tail, length);
	rewind(in);
	head[fread(head, 1, sizeof(head) - 1, in)] = '\0';
	check_version(c, head);
	end = find_end_line(c, tail, length);
	sum_file(c, in, before + end, hex);
	check_end_line(c, tail + end, hex);
	return before + end;
}
