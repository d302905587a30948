// SPDX-License-Identifier: MIT
/*
 * Reads a capture one system call at a time.  capture_stream() checks all of
 * it, and so reads it twice: for the checksum, then line by line.
 * capture_each() reads it once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/gunzip.h"
#include "base/memory.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/line_reader.h"
#include "capture/store.h"
#include "capture/whole.h"

/* Hands over what we read of a stream when an outermost call ends. */
static void end_of_call(struct line_reader *r,
			void (*each)(void *data, const struct thread *t,
				     struct node *n), void *data)
{
	if (each && arrlen(r->child))
		each(data, &r->c->thread[r->threads - 1], r->child[0]);
	arrsetlen(r->child, 0);
	arena_reset(&r->c->store->tree);
}

static void read_stream(struct line_reader *r,
			void (*each)(void *data, const struct thread *t,
				     struct node *n), void *data)
{
	struct store *s = r->c->store;
	off_t left = s->end;
	char *buf = NULL;
	size_t room = 0;

	rewind(s->in);
	while (left > 0) {
		ssize_t got = getline(&buf, &room, s->in);

		if (got <= 0 || buf[got - 1] != '\n')
			die(KVT_FAILED, "%s: cannot read", r->c->file);
		left -= got;
		buf[got - 1] = '\0';
		line_reader_take(r, memcpy(arena_take(&s->tree, got), buf,
					   got));
		if (!r->depth && r->threads)
			end_of_call(r, each, data);
	}
	free(buf);
}

void capture_each(const struct capture *c,
		  void (*each)(void *data, const struct thread *t,
			       struct node *n), void *data)
{
	struct line_reader r = { .c = c };

	read_stream(&r, each, data);
	line_reader_free(&r);
}

/* Can we read it twice, as it is? */
static bool is_plain_file(FILE *in, off_t *size)
{
	char begin[2];
	struct stat st;
	bool packed;

	if (fstat(fileno(in), &st) || !S_ISREG(st.st_mode))
		return false;
	*size = st.st_size;
	packed = is_gzip(begin, fread(begin, 1, sizeof(begin), in));
	rewind(in);
	return !packed;
}

struct capture *capture_stream(const char *file)
{
	struct capture *c;
	struct line_reader r = { .line = 0 };
	FILE *in = open_file(file, "re");
	off_t size;

	if (!is_plain_file(in, &size)) {
		fclose(in);
		return capture_read(file);
	}
	c = xcalloc(1, sizeof(*c));
	c->file = file;
	c->store = xcalloc(1, sizeof(*c->store));
	c->store->in = in;
	c->stream = true;
	c->store->end = check_whole_file(c, in, size);
	r.c = r.fill = c;
	read_stream(&r, NULL, NULL);
	line_reader_end(&r);
	line_reader_free(&r);
	return c;
}
