// SPDX-License-Identifier: MIT
/* Files that may be compressed, as gzip does it; their first bytes say so. */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/gunzip.h"
#include "base/memory.h"

enum { GZIP_ONLY = 16 };	/* added to zlib's window bits */

struct unpacked {
	char *text;
	size_t used, room;
};

bool is_gzip(const char *data, size_t size)
{
	return size >= 2 && data[0] == '\x1f' && data[1] == '\x8b';
}

/* Unpacks what Z has of one member of the file, and appends it to U. */
static int unpack_member(z_stream *z, struct unpacked *u)
{
	int end;

	do {
		size_t room;

		/* There is always room for a NUL behind it. */
		if (u->room - u->used < 2)
			u->text = xrealloc(u->text, u->room *= 2);
		room = u->room - u->used - 1;
		z->next_out = (unsigned char *)u->text + u->used;
		z->avail_out = room < UINT_MAX ? room : UINT_MAX;
		room = z->avail_out;
		end = inflate(z, Z_NO_FLUSH);
		u->used += room - z->avail_out;
	} while (end == Z_OK);
	return end;
}

/* What gzip made may have several members, one behind the other. */
static int unpack(char *data, size_t size, struct unpacked *u)
{
	z_stream z = { .next_in = (unsigned char *)data, .avail_in = size };
	int end;

	if (inflateInit2(&z, MAX_WBITS + GZIP_ONLY) != Z_OK)
		return Z_MEM_ERROR;
	do
		end = unpack_member(&z, u);
	while (end == Z_STREAM_END && z.avail_in && !inflateReset(&z));
	inflateEnd(&z);
	return end;
}

char *read_unpacked(const char *path, size_t *size, int code)
{
	size_t got;
	char *data = read_file(path, &got);
	struct unpacked u = { .room = 65536 };
	int end;

	if (!is_gzip(data, got)) {
		if (size)
			*size = got;
		return data;
	}
	if (got > UINT_MAX)
		die(code, "%s: compressed, and too large", path);
	u.text = xlarge(u.room);
	end = unpack(data, got, &u);
	free(data);
	if (end == Z_BUF_ERROR)
		die(code, "%s: truncated: the end of what gzip wrote is"
		    " missing", path);
	if (end != Z_STREAM_END)
		die(code, "%s: damaged: this is not what gzip wrote", path);
	u.text[u.used] = '\0';
	if (size)
		*size = u.used;
	return u.text;
}
