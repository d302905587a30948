// SPDX-License-Identifier: MIT
/*
 * Checks and reads a capture.  Nothing of a capture is believed before the
 * checksum of all of it has been found right; what is still wrong then is
 * a mistake of the program that wrote it, and refused line by line.
 */
#include <stdlib.h>
#include <string.h>

#include "kvt.h"

enum { MAX_DEPTH = 1000 };

struct reader {
	struct capture *c;
	unsigned int line;
	struct node *now;	/* the call that is open, or a thread's root */
	unsigned int depth;
};

struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name)
{
	struct node *n = xcalloc(1, sizeof(*n));

	n->kind = kind;
	n->name = xstrdup(name);
	n->parent = parent;
	if (parent->children == parent->room) {
		parent->room = parent->room * 2 + 4;
		parent->child = xrealloc(parent->child, parent->room *
					 sizeof(*parent->child));
	}
	parent->child[parent->children++] = n;
	return n;
}

static void free_inside(struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		node_free(n->child[i]);
	free(n->child);
	free(n->name);
	free(n->args);
	free(n->place);
	free(n->result);
}

void node_free(struct node *n)
{
	free_inside(n);
	free(n);
}

static void bad(const struct reader *r, const char *what)
	__attribute__((noreturn));

static void bad(const struct reader *r, const char *what)
{
	die(KVT_BAD_CAPTURE, "%s:%u: %s", r->c->file, r->line, what);
}

/* --- the whole: end line and checksum ------------------------------- */

/* Returns where the end line begins; dies if the capture is not whole. */
static size_t check_whole(struct capture *c, const char *text, size_t size)
{
	char hex[65], *want;
	size_t end = size;

	if (size < 6 || strncmp(text, "kvt ", 4))
		die(KVT_BAD_CAPTURE, "%s is not a capture (no 'kvt' line)",
		    c->file);
	if (strncmp(text, "kvt 1\n", 6))
		die(KVT_BAD_CAPTURE, "%s: version '%.*s' of the format; this"
		    " kvt reads version 1", c->file,
		    (int)strcspn(text + 4, "\n"), text + 4);
	if (text[size - 1] != '\n')
		die(KVT_BAD_CAPTURE, "%s is truncated: its last line has no"
		    " end", c->file);
	for (end--; end && text[end - 1] != '\n'; )
		end--;
	if (strncmp(text + end, "end ", 4))
		die(KVT_BAD_CAPTURE, "%s is truncated: it has no 'end' line",
		    c->file);
	sha256_hex(text, end, hex);
	c->records = strtoul(text + end + 4, NULL, 10);
	want = xasprintf("end %lu sha256:%s\n", c->records, hex);
	if (strcmp(want, text + end))
		die(KVT_BAD_CAPTURE, "%s was altered: its checksum is not"
		    " that of its lines", c->file);
	free(want);
	return end;
}

/* --- a line --------------------------------------------------------- */

static void set_result(struct reader *r, struct node *n, const char *rest)
{
	if (!strcmp(rest, " never returned"))
		n->open = true;
	else if (!strncmp(rest, " = ", 3) && rest[3])
		n->result = xstrdup(rest + 3);
	else if (*rest)
		bad(r, "neither a result nor the end of the line");
}

/* The parenthesis that closes the one at OPEN, or NULL. */
static char *matching(char *open)
{
	int depth = 0;

	for (char *p = open; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth)
			return p;
	}
	return NULL;
}

/* Takes " at FILE:LINE" of a system call off; returns what follows. */
static char *read_place(struct reader *r, struct node *n, char *rest)
{
	size_t length;

	if (n->kind != NODE_SYSCALL || strncmp(rest, " at ", 4))
		return rest;
	length = strcspn(rest + 4, " ");
	if (!length)
		bad(r, "no place after 'at'");
	n->place = xcalloc(1, length + 1);
	memcpy(n->place, rest + 4, length);
	return rest + 4 + length;
}

/* "name(args) = result" or "name(args) {", "at FILE:LINE" in between. */
static void read_call(struct reader *r, char *text)
{
	enum node_kind kind = *text == '@' ? NODE_SYSCALL :
			      *text == '!' ? NODE_EVENT : NODE_CALL;
	char *name = text + (kind != NODE_CALL), *paren = strchr(name, '(');
	char *close = paren ? matching(paren) : NULL, *rest;
	struct node *n;

	if (!close || paren == name)
		bad(r, "not a call: no 'name(...)'");
	*paren = *close = '\0';
	n = node_add(r->now, kind, name);
	n->args = xstrdup(paren + 1);
	n->line = r->line;
	r->c->records--;
	rest = read_place(r, n, close + 1);
	if (strcmp(rest, " {")) {
		set_result(r, n, rest);
		return;
	}
	if (kind == NODE_EVENT)
		bad(r, "an event has nothing inside");
	if (++r->depth > MAX_DEPTH)
		bad(r, "calls nested deeper than 1000");
	r->now = n;
}

static void read_close(struct reader *r, const char *rest)
{
	struct node *n = r->now;

	set_result(r, n, rest);
	r->now = n->parent;
}

static void start_thread(struct reader *r, const char *name)
{
	struct capture *c = r->c;

	if (r->depth)
		bad(r, "a thread begins inside a call");
	/* Threads move when the array grows: nothing points to their roots
	 * but their own children. */
	c->thread = xrealloc(c->thread,
			     (c->threads + 1) * sizeof(*c->thread));
	for (unsigned int i = 0; i < c->threads; i++)
		for (unsigned int k = 0; k < c->thread[i].root.children; k++)
			c->thread[i].root.child[k]->parent =
				&c->thread[i].root;
	c->thread[c->threads] = (struct thread){ .name = xstrdup(name) };
	r->now = &c->thread[c->threads++].root;
}

static void read_line(struct reader *r, char *line)
{
	struct capture *c = r->c;
	size_t spaces = strspn(line, " ");
	char *text = line + spaces;

	if (!spaces && !strncmp(line, "thread ", 7)) {
		start_thread(r, line + 7);
		return;
	}
	if (!c->threads) {
		c->header = xrealloc(c->header, (c->headers + 1) *
				     sizeof(*c->header));
		c->header[c->headers++] = xstrdup(line);
		return;
	}
	if (*text == '}' && r->depth)
		r->depth--;
	else if (*text == '}')
		bad(r, "a call ends that did not begin");
	if (spaces != 2 * r->depth)
		bad(r, "the indentation does not fit the calls around it");
	if (*text == '}')
		read_close(r, text + 1);
	else
		read_call(r, text);
}

struct capture *capture_read(const char *file)
{
	struct capture *c = xcalloc(1, sizeof(*c));
	struct reader r = { .c = c };
	size_t size, end;
	char *text, *line, *next;
	unsigned long records;

	c->file = file;
	text = read_file(file, &size);
	if (memchr(text, '\0', size))
		die(KVT_BAD_CAPTURE, "%s is not text", file);
	end = check_whole(c, text, size);
	records = c->records;
	text[end] = '\0';
	for (line = text; *line; line = next) {
		next = strchr(line, '\n');
		*next++ = '\0';
		r.line++;
		read_line(&r, line);
	}
	if (r.depth)
		bad(&r, "the capture ends inside a call");
	if (c->records)
		die(KVT_BAD_CAPTURE, "%s: the end line counts %lu records,"
		    " the capture has %lu", file, records,
		    records - c->records);
	c->records = records;
	free(text);
	return c;
}

const char *capture_header(const struct capture *c, const char *key)
{
	size_t n = strlen(key);

	for (unsigned int i = 0; i < c->headers; i++)
		if (!strncmp(c->header[i], key, n) && c->header[i][n] == ' ')
			return c->header[i] + n + 1;
	return NULL;
}

void capture_free(struct capture *c)
{
	for (unsigned int i = 0; i < c->headers; i++)
		free(c->header[i]);
	for (unsigned int i = 0; i < c->threads; i++) {
		free(c->thread[i].name);
		free_inside(&c->thread[i].root);
	}
	free(c->header);
	free(c->thread);
	free(c);
}
