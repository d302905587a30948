// SPDX-License-Identifier: MIT
/*
 * Checks and reads a capture.  Nothing of a capture is believed before the
 * checksum of all of it has been found right; what is still wrong then is
 * a mistake of the program that wrote it, and refused line by line.
 *
 * A capture is read into memory whole (its text, and a node a record that
 * points into it), or, by capture_stream(), one system call at a time.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/text.h"
#include "capture/capture.h"

enum { MAX_DEPTH = 1000 };

/* Allocations are cut from blocks of this size.  The fuzzer takes 1, a
 * block each, so that the sanitizer sees where each of them ends. */
#ifndef ARENA_BLOCK
#define ARENA_BLOCK (256 * 1024)	/* the first block */
#define ARENA_GROWS 128			/* and how much larger the largest */
#endif

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(8) char data[];
};

struct memory {
	struct block *keep;	/* as long as the capture */
	struct block *tree;	/* of a stream: as long as the system call */
	char *text;		/* NULL when streaming */
	FILE *in;		/* NULL when not */
	off_t end;		/* where its end line begins */
};

struct reader {
	struct capture *c;
	unsigned int line, depth, threads;
	unsigned long records, before;	/* the thread began */
	unsigned long next_thread;	/* the lowest number it may have */
	bool again;		/* a stream that has been checked */
	struct node *now;	/* the call that is open, or a thread's root */
	/* The children of all open calls, and where each one's begin. */
	struct node **child;
	size_t children, room;
	size_t first[MAX_DEPTH + 1];
};

/* --- memory --------------------------------------------------------- */

static void *take(struct block **in, size_t size)
{
	struct block *b = *in;
	void *p;

	size = (size + 7) & ~(size_t)7;
	if (!b || b->size - b->used < size) {
		size_t room = b ? 2 * (sizeof(*b) + b->size) : ARENA_BLOCK;

		if (room > ARENA_BLOCK * ARENA_GROWS)
			room = ARENA_BLOCK * ARENA_GROWS;
		if (room < sizeof(*b) + size)
			room = sizeof(*b) + size;
		b = xlarge(room);
		*b = (struct block){ .next = *in, .size = room - sizeof(*b) };
		*in = b;
	}
	p = b->data + b->used;
	b->used += size;
	return p;
}

static void give_back(struct block **all)
{
	while (*all) {
		struct block *b = *all;

		*all = b->next;
		free(b);
	}
}

/* For an array that grows by one: room for it, doubled when it is full. */
static void *grow(void *p, size_t count, size_t size)
{
	if (count & (count - 1))
		return p;
	return xrealloc(p, (count ? 2 * count : 1) * size);
}

struct node *node_add(struct node *parent, enum node_kind kind,
		      const char *name)
{
	struct node *n = xcalloc(1, sizeof(*n));

	n->kind = kind;
	n->name = xstrdup(name);
	n->parent = parent;
	parent->child = grow(parent->child, parent->children,
			     sizeof(*parent->child));
	parent->child[parent->children++] = n;
	return n;
}

void node_free(struct node *n)
{
	for (unsigned int i = 0; i < n->children; i++)
		node_free(n->child[i]);
	free(n->child);
	free(n->name);
	free(n->args);
	free(n->place);
	free(n->result);
	free(n);
}

static void bad(const struct reader *r, const char *what)
	__attribute__((noreturn));

static void bad(const struct reader *r, const char *what)
{
	die(KVT_BAD_CAPTURE, "%s:%u: %s", r->c->file, r->line, what);
}

/* --- the whole: end line and checksum ------------------------------- */

static void check_begin(const struct capture *c, const char *text)
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
static size_t find_end(const struct capture *c, const char *text, size_t size)
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
static void check_sum(struct capture *c, const char *line, const char *hex)
{
	char want[128];

	c->records = strtoul(line + 4, NULL, 10);
	snprintf(want, sizeof(want), "end %lu sha256:%s\n", c->records, hex);
	if (strcmp(want, line))
		die(KVT_BAD_CAPTURE, "%s was altered: its checksum is not"
		    " that of its lines", c->file);
}

static void check_nul(const struct capture *c, const char *text, size_t size)
{
	if (memchr(text, '\0', size))
		die(KVT_BAD_CAPTURE, "%s is not text", c->file);
}

static size_t check_whole(struct capture *c, const char *text, size_t size)
{
	char hex[65];
	size_t end;

	check_nul(c, text, size);
	check_begin(c, text);
	end = find_end(c, text, size);
	sha256_hex(text, end, hex);
	check_sum(c, text + end, hex);
	return end;
}

/* --- a line --------------------------------------------------------- */

static void set_result(struct reader *r, struct node *n, char *rest)
{
	if (!strcmp(rest, " never returned"))
		n->open = true;
	else if (!strncmp(rest, " = ", 3) && rest[3])
		n->result = rest + 3;
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

static struct node *new_node(struct reader *r, enum node_kind kind, char *name)
{
	struct node *n = take(&r->c->memory->tree, sizeof(*n));

	*n = (struct node){
		.kind = kind, .name = name, .line = r->line, .parent = r->now,
	};
	if (r->children == r->room)
		r->child = xrealloc(r->child, (r->room = r->room * 2 + 64) *
					      sizeof(*r->child));
	r->child[r->children++] = n;
	r->records += !is_level(n);
	return n;
}

/* Takes " at FILE:LINE" off; returns what follows. */
static char *read_place(struct reader *r, struct node *n, char *rest)
{
	size_t length;

	if (n->kind == NODE_EVENT || strncmp(rest, " at ", 4))
		return rest;
	length = strcspn(rest + 4, " ");
	if (!length)
		bad(r, "no place after 'at'");
	/* One to the left: the blank behind it belongs to what follows. */
	n->place = memmove(rest + 3, rest + 4, length);
	n->place[length] = '\0';
	return rest + 4 + length;
}

static enum node_kind kind_of(char sigil)
{
	switch (sigil) {
	case '@':
		return NODE_SYSCALL;
	case '!':
		return NODE_EVENT;
	case '~':
		return NODE_INLINED;
	case '?':
		return NODE_UNSEEN;
	default:
		return NODE_CALL;
	}
}

/* Of a level nothing was recorded: it is there for what is inside. */
static void check_level(struct reader *r, const struct node *n,
			const char *rest)
{
	if (*n->args)
		bad(r, "a level that was not recorded has arguments");
	if (strcmp(rest, " {"))
		bad(r, "a level that was not recorded has nothing inside");
}

/* "name(args) = result" or "name(args) {", "at FILE:LINE" in between. */
static void read_call(struct reader *r, char *text)
{
	enum node_kind kind = kind_of(*text);
	char *name = text + (kind != NODE_CALL), *paren = strchr(name, '(');
	char *close = paren ? matching(paren) : NULL, *rest;
	struct node *n;

	if (!close || paren == name)
		bad(r, "not a call: no 'name(...)'");
	*paren = *close = '\0';
	n = new_node(r, kind, name);
	n->args = paren + 1;
	rest = read_place(r, n, close + 1);
	if (is_level(n))
		check_level(r, n, rest);
	if (strcmp(rest, " {")) {
		set_result(r, n, rest);
		return;
	}
	if (kind == NODE_EVENT)
		bad(r, "an event has nothing inside");
	if (++r->depth > MAX_DEPTH)
		bad(r, "calls nested deeper than 1000");
	r->first[r->depth] = r->children;
	r->now = n;
}

/* What was read since FIRST are the children of N. */
static void adopt(struct reader *r, struct node *n, size_t first)
{
	size_t size;

	n->children = r->children - first;
	size = n->children * sizeof(*n->child);
	n->child = take(&r->c->memory->tree, size);
	memcpy(n->child, r->child + first, size);
	r->children = first;
}

static void read_close(struct reader *r, char *rest)
{
	struct node *n = r->now;

	if (r->children == r->first[r->depth + 1])
		bad(r, "braces with nothing inside");
	adopt(r, n, r->first[r->depth + 1]);
	if (is_level(n) && *rest)
		bad(r, "a level that was not recorded has a result");
	set_result(r, n, rest);
	r->now = n->parent;
}

/* The thread that was being read is whole. */
static void end_thread(struct reader *r)
{
	if (r->threads && r->records == r->before)
		bad(r, "the thread before has no calls");
	r->before = r->records;
	if (r->threads && r->children)
		adopt(r, &r->c->thread[r->threads - 1].root, 0);
}

/* A copy of a line that is about to be forgotten. */
static char *kept(struct reader *r, char *line)
{
	struct memory *m = r->c->memory;
	size_t size = strlen(line) + 1;

	return m->in ? memcpy(take(&m->keep, size), line, size) : line;
}

/* Each thread has one section, and they come by number: who compares two
 * captures finds a thread by its name. */
static void check_number(struct reader *r, const char *name)
{
	size_t digits = strspn(name, "0123456789");
	unsigned long number;

	if (!digits || name[digits] || digits > 9 ||
	    (digits > 1 && *name == '0'))
		bad(r, "a thread without a number");
	number = strtoul(name, NULL, 10);
	if (number < r->next_thread)
		bad(r, "a thread comes twice, or out of order");
	r->next_thread = number + 1;
}

static void start_thread(struct reader *r, char *line)
{
	struct capture *c = r->c;
	char *name = line + strlen("thread ");

	if (r->depth)
		bad(r, "a thread begins inside a call");
	check_number(r, name);
	end_thread(r);
	if (!r->again) {
		c->thread = grow(c->thread, c->threads, sizeof(*c->thread));
		c->thread[c->threads++] = (struct thread){
			.name = kept(r, name)
		};
	}
	r->now = &c->thread[r->threads++].root;
}

static void read_header(struct reader *r, char *line)
{
	struct capture *c = r->c;

	if (r->again)
		return;
	c->header = grow(c->header, c->headers, sizeof(*c->header));
	c->header[c->headers++] = kept(r, line);
}

static void read_line(struct reader *r, char *line)
{
	size_t spaces = strspn(line, " ");
	char *text = line + spaces;

	r->line++;
	if (text_fault(line))
		bad(r, text_fault(line));
	if (!spaces && !strncmp(line, "thread ", 7)) {
		start_thread(r, line);
		return;
	}
	if (!r->threads) {
		read_header(r, line);
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

/* All lines were read: was that all of it? */
static void check_end(struct reader *r)
{
	struct capture *c = r->c;

	if (r->depth)
		bad(r, "the capture ends inside a call");
	end_thread(r);
	if (c->records != r->records)
		die(KVT_BAD_CAPTURE, "%s: the end line counts %lu records,"
		    " the capture has %lu", c->file, c->records, r->records);
}

/* --- a capture in memory -------------------------------------------- */

/* While it grew, the array of threads has moved. */
static void set_roots(struct capture *c)
{
	for (unsigned int i = 0; i < c->threads; i++) {
		struct node *root = &c->thread[i].root;

		for (unsigned int k = 0; k < root->children; k++)
			root->child[k]->parent = root;
	}
}

static struct capture *new_capture(const char *file)
{
	struct capture *c = xcalloc(1, sizeof(*c));

	c->file = file;
	c->memory = xcalloc(1, sizeof(*c->memory));
	return c;
}

struct capture *capture_read_text(const char *file, char *text, size_t size)
{
	struct capture *c = new_capture(file);
	struct reader r = { .c = c };
	char *end, *next;

	c->memory->text = text;
	end = text + check_whole(c, text, size);
	for (char *line = text; line < end; line = next) {
		next = memchr(line, '\n', end - line);
		*next++ = '\0';
		read_line(&r, line);
	}
	check_end(&r);
	set_roots(c);
	free(r.child);
	return c;
}

struct capture *capture_read(const char *file)
{
	size_t size;
	char *text = read_file(file, &size);

	return capture_read_text(file, text, size);
}

/* --- a capture as a stream ------------------------------------------ */

/* check_whole(), in pieces. */
static void check_stream(struct capture *c, off_t size)
{
	static char buf[65536];
	char tail[256] = "", hex[65];
	size_t got = size < 255 ? size : 255;
	FILE *in = c->memory->in;
	off_t left = size - got;
	struct sha256_ctx sum;

	if (fseeko(in, left, SEEK_SET) || fread(tail, 1, got, in) != got)
		die(KVT_FAILED, "%s: cannot read", c->file);
	check_nul(c, tail, got);
	rewind(in);
	got = fread(buf, 1, 64, in);
	buf[got] = '\0';
	check_begin(c, buf);
	rewind(in);
	c->memory->end = left + find_end(c, tail, strlen(tail));
	sha256_init(&sum);
	for (left = c->memory->end; left; left -= got) {
		got = left < (off_t)sizeof(buf) ? left : (off_t)sizeof(buf);
		if (fread(buf, 1, got, in) != got)
			die(KVT_FAILED, "%s: cannot read", c->file);
		check_nul(c, buf, got);
		sha256_update(&sum, got, (uint8_t *)buf);
	}
	sha256_end(&sum, hex);
	check_sum(c, tail + (c->memory->end - (size - strlen(tail))), hex);
}

/* Reads the stream once, with a call of EACH for each system call. */
static void read_stream(struct reader *r, struct capture *c,
			void (*each)(void *data, const struct thread *t,
				     struct node *n), void *data)
{
	struct memory *m = c->memory;
	off_t left = m->end;
	char *buf = NULL;
	size_t room = 0;

	rewind(m->in);
	while (left > 0) {
		ssize_t got = getline(&buf, &room, m->in);
		char *line;

		if (got <= 0 || buf[got - 1] != '\n')
			die(KVT_FAILED, "%s: cannot read", c->file);
		left -= got;
		buf[got - 1] = '\0';
		line = memcpy(take(&m->tree, got), buf, got);
		read_line(r, line);
		if (r->depth || !r->threads)
			continue;
		if (each && r->children)
			each(data, &c->thread[r->threads - 1], r->child[0]);
		r->children = 0;
		m->tree->used = 0;
		give_back(&m->tree->next);
	}
	free(buf);
}

void capture_each(struct capture *c,
		  void (*each)(void *data, const struct thread *t,
			       struct node *n), void *data)
{
	struct reader r = { .c = c, .again = true };

	read_stream(&r, c, each, data);
	free(r.child);
}

struct capture *capture_stream(const char *file)
{
	struct capture *c;
	struct reader r = { .c = NULL };
	struct stat st;
	FILE *in = open_file(file, "re");

	if (fstat(fileno(in), &st) || !S_ISREG(st.st_mode)) {
		fclose(in);
		return capture_read(file);
	}
	r.c = c = new_capture(file);
	c->memory->in = in;
	c->stream = true;
	check_stream(c, st.st_size);
	read_stream(&r, c, NULL, NULL);
	check_end(&r);
	free(r.child);
	return c;
}

/* --- a capture's parts ---------------------------------------------- */

const char *capture_header(const struct capture *c, const char *key)
{
	size_t n = strlen(key);

	for (unsigned int i = 0; i < c->headers; i++)
		if (!strncmp(c->header[i], key, n) && c->header[i][n] == ' ')
			return c->header[i] + n + 1;
	return NULL;
}

bool capture_has(const struct capture *c, const char *feature)
{
	const char *p = capture_header(c, "features");
	size_t n = strlen(feature);

	while (p && *p) {
		if (!strncmp(p, feature, n) && (!p[n] || p[n] == ' '))
			return true;
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	return false;
}

/* N's children, without levels, into the array CHILD; returns how many. */
static unsigned int collect(struct node *n, struct node **child)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < n->children; i++) {
		struct node *c = n->child[i];

		if (is_level(c))
			count += collect(c, child ? child + count : NULL);
		else if (child)
			child[count++] = c;
		else
			count++;
	}
	return count;
}

static void flatten(struct memory *m, struct node *n)
{
	unsigned int count = collect(n, NULL);
	struct node **child = n->child;

	if (count)
		child = take(&m->tree, count * sizeof(*child));
	collect(n, child);
	n->child = child;
	n->children = count;
	for (unsigned int i = 0; i < count; i++) {
		child[i]->parent = n;
		flatten(m, child[i]);
	}
}

void tree_flatten(struct capture *c)
{
	for (unsigned int i = 0; i < c->threads && capture_has(c, "sites"); i++)
		flatten(c->memory, &c->thread[i].root);
}

void capture_free(struct capture *c)
{
	give_back(&c->memory->keep);
	give_back(&c->memory->tree);
	if (c->memory->in)
		fclose(c->memory->in);
	free(c->memory->text);
	free(c->memory);
	free(c->header);
	free(c->thread);
	free(c);
}
