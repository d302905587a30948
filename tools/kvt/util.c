// SPDX-License-Identifier: MIT
/* Memory, files and messages: what fails here ends the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "kvt.h"

static void say(const char *fmt, va_list ap)
{
	fflush(stdout);
	fputs("kvt: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void die(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	exit(code);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

/* Where page faults cost much, on a virtual machine most of all, huge pages
 * are filled several times as fast.  They are asked for, not needed. */
void *xlarge(size_t size)
{
	enum { HUGE = 2 << 20 };
	char *p = xrealloc(NULL, size);
	char *from = (char *)(((uintptr_t)p + HUGE - 1) & -(uintptr_t)HUGE);
	char *to = (char *)((uintptr_t)(p + size) & -(uintptr_t)HUGE);

	if (from < to)
		madvise(from, to - from, MADV_HUGEPAGE);
	return p;
}

char *xstrdup(const char *s)
{
	char *p = strdup(s);

	if (!p)
		die(KVT_FAILED, "out of memory");
	return p;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	if (vasprintf(&p, fmt, ap) < 0)
		die(KVT_FAILED, "out of memory");
	va_end(ap);
	return p;
}

char *read_file_if(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	size_t used = 0, room = 65536;
	struct stat st;
	char *buf;

	if (!f) {
		if (errno == ENOENT)
			return NULL;
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	}
	/* Files of /proc and tracefs have no size: read until the end. */
	if (!fstat(fileno(f), &st) && st.st_size > (off_t)room)
		room = st.st_size + 2;
	buf = xlarge(room);
	for (;;) {
		size_t got = fread(buf + used, 1, room - used - 1, f);

		used += got;
		if (!got)
			break;
		if (used == room - 1)
			buf = xrealloc(buf, room *= 2);
	}
	if (ferror(f))
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	fclose(f);
	buf[used] = '\0';
	if (size)
		*size = used;
	return buf;
}

char *read_file(const char *path, size_t *size)
{
	char *buf = read_file_if(path, size);

	if (!buf)
		die(KVT_FAILED, "%s: %s", path, strerror(ENOENT));
	return buf;
}

FILE *open_file(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	return f;
}

void close_file(FILE *f, const char *path)
{
	bool bad = ferror(f);

	if (fclose(f) || bad)
		die(KVT_FAILED, "%s: cannot write: %s", path,
		    strerror(errno));
}

void write_file(const char *path, const void *data, size_t size)
{
	FILE *f = open_file(path, "we");

	fwrite(data, 1, size, f);
	close_file(f, path);
}

void sha256_end(struct sha256_ctx *sum, char hex[65])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(sum, sizeof(digest), digest);
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

void sha256_hex(const void *data, size_t size, char hex[65])
{
	struct sha256_ctx sum;

	sha256_init(&sum);
	sha256_update(&sum, size, data);
	sha256_end(&sum, hex);
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

long parse_number(const char *option, const char *text, long low, long high)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < low || n > high)
		die(KVT_USAGE, "%s takes a number from %ld to %ld, not '%s'",
		    option, low, high, text);
	return n;
}
