// SPDX-License-Identifier: MIT
/* Whole files, and streams that are checked when they are closed. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"

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
	/* Files in /proc and tracefs have no size, so read until the end. */
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

FILE *open_file_if(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f && errno != ENOENT)
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	return f;
}

FILE *open_file(const char *path, const char *mode)
{
	FILE *f = open_file_if(path, mode);

	if (!f)
		die(KVT_FAILED, "%s: %s", path, strerror(ENOENT));
	return f;
}

FILE *temporary_file(void)
{
	FILE *f = tmpfile();

	if (!f)
		die(KVT_FAILED, "cannot make a temporary file: %s",
		    strerror(errno));
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
