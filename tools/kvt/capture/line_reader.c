// SPDX-License-Identifier: MIT
/*
 * Makes nodes of a capture's lines.  By now the checksum was right, so a
 * line that is still wrong is a fault of the program that wrote it; the
 * message names the line.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "base/vec.h"
#include "capture/capture.h"
#include "capture/line_reader.h"
#include "capture/store.h"

static void bad_line(const struct line_reader *r, const char *what)
	__attribute__((noreturn));

static void bad_line(const struct line_reader *r, const char *what)
{
	die(KVT_BAD_CAPTURE, "%s:%u: %s", r->c->file, r->line, what);
}

/* --- a call --------------------------------------------------------- */

static void set_result(struct line_reader *r, struct node *n, char *rest)
{
	if (!strcmp(rest, " never returned"))
		n->open = true;
	else if (!strncmp(rest, " = ", 3) && rest[3])
		n->result = rest + 3;
	else if (*rest)
		bad_line(r, "neither a result nor the end of the line");
}

/* Finds the parenthesis that closes the one at OPEN, or NULL. */
static char *closing(char *open)
{
	char *first = strchr(open, ')');
	int depth = 0;

	/* Usually there are no others in between. */
	if (!first || !memchr(open + 1, '(', first - open - 1))
		return first;
	for (char *p = open; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth)
			return p;
	}
	return NULL;
}

static struct node *new_node(struct line_reader *r, enum node_kind kind,
			     char *name)
{
	struct node *n = arena_take(&r->c->store->tree, sizeof(*n));

	*n = (struct node){
		.kind = kind, .name = name, .line = r->unfolded,
		.parent = r->now,
	};
	arrput(r->child, n);
	r->records += !is_level(n);
	return n;
}

/* Cuts " at FILE:LINE" off and returns what follows. */
static char *set_place(struct line_reader *r, struct node *n, char *rest)
{
	size_t length;

	if (n->kind == NODE_EVENT || strncmp(rest, " at ", 4))
		return rest;
	length = strcspn(rest + 4, " ");
	if (!length)
		bad_line(r, "no place after 'at'");
	/* Moves it one to the left, to make room for the NUL: the blank
	 * behind the place belongs to what follows. */
	n->place = memmove(rest + 3, rest + 4, length);
	n->place[length] = '\0';
	return rest + 4 + length;
}

static enum node_kind kind_of_sigil(char sigil)
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

/* A level must contain something. */
static void check_level(struct line_reader *r, const struct node *n,
			const char *rest)
{
	if (*n->args)
		bad_line(r, "a level that was not recorded has arguments");
	if (strcmp(rest, " {"))
		bad_line(r, "a level that was not recorded has nothing"
			 " inside");
}

/* --- a row of calls -------------------------------------------------- */

/* Copies N with all below it, to LINES further down. */
static struct node *copy_call(struct line_reader *r, const struct node *n,
			      struct node *parent, unsigned int lines)
{
	struct arena *tree = &r->c->store->tree;
	struct node *copy = arena_take(tree, sizeof(*copy));

	*copy = *n;
	copy->parent = parent;
	copy->line += lines;
	if (!is_level(n))
		r->records++;
	if (n->children)
		copy->child = arena_take(tree, n->children *
					 sizeof(*copy->child));
	for (unsigned int i = 0; i < n->children; i++)
		copy->child[i] = copy_call(r, n->child[i], copy, lines);
	return copy;
}

/* N, which just ended, comes TIMES times. */
static void repeat_call(struct line_reader *r, const struct node *n,
			unsigned int times)
{
	unsigned int lines = r->unfolded - n->line + 1;

	for (unsigned int i = 1; i < times; i++) {
		/* No more memory than the end line lets us expect. */
		if (r->records >= r->c->records)
			bad_line(r, "the row has more calls than the end line"
				 " counts");
		arrput(r->child, copy_call(r, n, n->parent, i * lines));
		r->unfolded += lines;
	}
}

/* Takes "N times " off a line; without it, a call comes once. */
static unsigned int read_times(struct line_reader *r, char **text)
{
	static const char words[] = " times ", numbers[] = "0123456789";
	size_t digits = strspn(*text, numbers);
	unsigned long times = 1;

	if (!digits)
		return 1;
	if (digits < 10 && **text != '0')
		times = strtoul(*text, NULL, 10);
	if (times < 2 || strncmp(*text + digits, words, strlen(words)) ||
	    strspn(*text + digits + strlen(words), numbers))
		bad_line(r, "not the number of calls in a row: no"
			 " 'N times name(...)'");
	if (!r->depth)
		bad_line(r, "a row of calls outside of a call");
	*text += digits + strlen(words);
	return times;
}

/* --- any call -------------------------------------------------------- */

static void open_call(struct line_reader *r, struct node *n,
		      unsigned int times)
{
	if (n->kind == NODE_EVENT)
		bad_line(r, "an event has nothing inside");
	if (++r->depth > MAX_DEPTH)
		bad_line(r, "calls nested deeper than 1000");
	r->first[r->depth] = arrlen(r->child);
	r->times[r->depth] = times;
	r->now = n;
}

/* Reads "name(args) = result" or "name(args) {", with "at FILE:LINE" in
 * between, and "N times " before it. */
static void read_call(struct line_reader *r, char *text)
{
	unsigned int times = read_times(r, &text);
	enum node_kind kind = kind_of_sigil(*text);
	char *name = text + (kind != NODE_CALL), *paren = strchr(name, '(');
	char *close = paren ? closing(paren) : NULL, *rest;
	struct node *n;

	if (!close || paren == name)
		bad_line(r, "not a call: no 'name(...)'");
	*paren = *close = '\0';
	n = new_node(r, kind, name);
	n->args = paren + 1;
	rest = set_place(r, n, close + 1);
	if (is_level(n))
		check_level(r, n, rest);
	if (!strcmp(rest, " {")) {
		open_call(r, n, times);
		return;
	}
	set_result(r, n, rest);
	repeat_call(r, n, times);
}

/* Gives N the nodes from FIRST on as its children. */
static void adopt(struct line_reader *r, struct node *n, size_t first)
{
	size_t size;

	n->children = arrlen(r->child) - first;
	size = n->children * sizeof(*n->child);
	n->child = arena_take(&r->c->store->tree, size);
	memcpy(n->child, r->child + first, size);
	arrsetlen(r->child, first);
}

static void close_call(struct line_reader *r, char *rest)
{
	struct node *n = r->now;

	if ((size_t)arrlen(r->child) == r->first[r->depth + 1])
		bad_line(r, "braces with nothing inside");
	adopt(r, n, r->first[r->depth + 1]);
	if (is_level(n) && *rest)
		bad_line(r, "a level that was not recorded has a result");
	set_result(r, n, rest);
	r->now = n->parent;
	repeat_call(r, n, r->times[r->depth + 1]);
}

/* --- a thread ------------------------------------------------------- */

/* Ends the current thread. */
static void end_thread(struct line_reader *r)
{
	if (r->threads && r->records == r->before)
		bad_line(r, "the thread before has no calls");
	r->before = r->records;
	if (r->threads && arrlen(r->child))
		adopt(r, &r->c->thread[r->threads - 1].root, 0);
}

/* A line of a stream is overwritten by the next, so this copies it. */
static char *kept(struct line_reader *r, char *line)
{
	struct store *s = r->c->store;
	size_t size = strlen(line) + 1;

	return s->in ? memcpy(arena_take(&s->keep, size), line, size) : line;
}

/* Every thread has one section, and sections are sorted by number, so that
 * two captures can be compared thread by thread. */
static void check_number(struct line_reader *r, const char *name)
{
	size_t digits = strspn(name, "0123456789");
	unsigned long number;

	if (!digits || name[digits] || digits > 9 ||
	    (digits > 1 && *name == '0'))
		bad_line(r, "a thread without a number");
	number = strtoul(name, NULL, 10);
	if (number < r->next_thread)
		bad_line(r, "a thread comes twice, or out of order");
	r->next_thread = number + 1;
}

static void start_thread(struct line_reader *r, char *line)
{
	char *name = line + strlen("thread ");

	if (r->depth)
		bad_line(r, "a thread begins inside a call");
	check_number(r, name);
	end_thread(r);
	if (r->fill) {
		const struct thread t = { .name = kept(r, name) };

		arrput(r->fill->thread, t);
		r->fill->threads++;
	}
	r->now = &r->c->thread[r->threads++].root;
}

static void read_header(struct line_reader *r, char *line)
{
	if (!r->fill)
		return;
	arrput(r->fill->header, kept(r, line));
	r->fill->headers++;
}

/* --- any line ------------------------------------------------------- */

void line_reader_take(struct line_reader *r, char *line)
{
	size_t spaces = strspn(line, " ");
	char *text = line + spaces;
	const char *fault = text_fault(line);

	r->line++;
	r->unfolded++;
	if (fault)
		bad_line(r, fault);
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
		bad_line(r, "a call ends that did not begin");
	if (spaces != 2 * r->depth)
		bad_line(r, "the indentation does not fit the calls around"
			 " it");
	if (*text == '}')
		close_call(r, text + 1);
	else
		read_call(r, text);
}

void line_reader_end(struct line_reader *r)
{
	if (r->depth)
		bad_line(r, "the capture ends inside a call");
	end_thread(r);
	if (r->c->records != r->records)
		die(KVT_BAD_CAPTURE, "%s: the end line counts %lu records,"
		    " the capture has %lu", r->c->file, r->c->records,
		    r->records);
}

void line_reader_free(struct line_reader *r)
{
	arrfree(r->child);
}
