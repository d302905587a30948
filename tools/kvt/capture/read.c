// SPDX-License-Identifier: MIT
/*
 * Reads a capture into memory: its text, and for each record a node that
 * points into the text.  Nothing of it is believed before the checksum of
 * the whole was found right.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/gunzip.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "capture/line_reader.h"
#include "capture/store.h"
#include "capture/whole.h"

/* A child of a root points to it, and the array that holds the roots moved
 * while it grew. */
static void set_roots(struct capture *c)
{
	for (unsigned int i = 0; i < c->threads; i++) {
		struct node *root = &c->thread[i].root;

		for (unsigned int k = 0; k < root->children; k++)
			root->child[k]->parent = root;
	}
}

struct capture *capture_read_text(const char *file, char *text, size_t size)
{
	struct capture *c = xcalloc(1, sizeof(*c));
	struct line_reader r = { .c = c, .fill = c };
	char *end, *next;

	c->file = file;
	c->store = xcalloc(1, sizeof(*c->store));
	c->store->text = text;
	end = text + check_whole(c, text, size);
	for (char *line = text; line < end; line = next) {
		next = memchr(line, '\n', end - line);
		*next++ = '\0';
		line_reader_take(&r, line);
	}
	line_reader_end(&r);
	set_roots(c);
	line_reader_free(&r);
	return c;
}

struct capture *capture_read(const char *file)
{
	size_t size;
	char *text = read_unpacked(file, &size, KVT_BAD_CAPTURE);

	return capture_read_text(file, text, size);
}
