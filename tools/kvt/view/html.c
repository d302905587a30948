// SPDX-License-Identifier: MIT
/* How a call looks in HTML. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/markup.h"
#include "base/memory.h"
#include "capture/capture.h"
#include "kernel/symbols.h"
#include "release.h"
#include "view/html.h"

const char html_source_base[] =
	"https://elixir.bootlin.com/linux/v" BOOK_RELEASE "/source/";

const char *html_file_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * A link has no title that says what the link or its text says: a whole
 * capture has thousands of them.
 */
void html_link(const struct page *p, const char *class, const char *place,
	       const char *text)
{
	struct markup *m = &p->out->m;
	const char *line = strrchr(place, ':');
	int path = line ? (int)(line - place) : (int)strlen(place);

	markup_open_class(m, "a", class);
	markup_attribute_printf(m, "href", "%s%.*s%s%s", p->base, path, place,
				line ? "#L" : "", line ? line + 1 : "");
	markup_text(m, text);
	markup_close(m);
}

void html_symbol(const struct page *p, const struct symbol *s)
{
	struct markup *m = &p->out->m;

	markup_open_class(m, "a", "fn");
	markup_attribute_printf(m, "href", "%s%s#L%d", p->base, s->path,
				s->line);
	markup_text(m, s->name);
	markup_close(m);
}

/* --- rows that fold --------------------------------------------------- */

void html_row_begin(const struct page *p)
{
	markup_open_class(&p->out->m, "div", "row");
}

void html_row_fold(const struct page *p, const char *below, enum html_fold how)
{
	struct markup *m = &p->out->m;

	markup_close(m);
	markup_open(m, "details");
	if (how == HTML_UNFOLDED)
		markup_attribute(m, "open", NULL);
	markup_open(m, "summary");
	markup_attribute_printf(m, "aria-label", "below%s%s",
				below ? " " : "", below ?: "");
	markup_close(m);
	if (how == HTML_LATER)
		markup_open(m, "noscript");
	markup_open(m, "ul");
	markup_text(m, "\n");
}

void html_row_end(const struct page *p, enum html_fold how)
{
	struct markup *m = &p->out->m;

	markup_close(m);
	if (how == HTML_LATER)
		markup_close(m);
	markup_text(m, "\n");
	markup_close(m);
}

/* --- calls ------------------------------------------------------------ */

/* How many bytes at S are a name that only says the type again: "vcpu=" of
 * "vcpu=vcpu#0". */
static size_t idle_name(const char *s)
{
	size_t length = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return length && s[length] == '=' &&
	       !strncmp(s + length + 1, s, length) &&
	       s[2 * length + 1] == '#' ? length + 1 : 0;
}

/* The arguments; where there is little room, idle names can be left out. */
static void write_each_argument(struct markup *m, const char *s)
{
	while (*s) {
		size_t name = idle_name(s), length;

		if (name) {
			markup_open(m, "var");
			markup_text_part(m, s, name);
			markup_close(m);
			s += name;
		}
		length = strcspn(s, " {");
		length += strspn(s + length, " {");
		markup_text_part(m, s, length);
		s += length;
	}
}

/* A long call breaks after its opening bracket first. */
static void write_arguments(const struct page *p, const struct node *n)
{
	struct markup *m = &p->out->m;

	markup_open_class(m, "span", "args");
	markup_text(m, "(");
	if (p->breaks)
		markup_void(m, "wbr");
	write_each_argument(m, n->args);
	markup_text(m, ")");
	markup_close(m);
}

static void write_function_call(const struct page *p, const struct node *n)
{
	const struct symbol *s = symbols_find(p->symbols, n->name);

	if (s)
		html_symbol(p, s);
	else if (p->symbols)
		die(KVT_FAILED, "the index has no function %s", n->name);
	else
		markup_leaf(&p->out->m, "span", "fn", n->name);
	write_arguments(p, n);
}

/* An ioctl's request stands out from its other arguments. */
static void write_system_call(const struct page *p, const struct node *n)
{
	struct markup *m = &p->out->m;
	const char *request = strstr(n->args, ", "), *rest;

	markup_open_class(m, "span", "sys");
	markup_text(m, n->name);
	markup_text(m, "(");
	if (strcmp(n->name, "ioctl") || !request) {
		markup_text(m, n->args);
	} else {
		request += 2;
		rest = request + strcspn(request, ",");
		markup_open_class(m, "span", "fd");
		markup_text_part(m, n->args, request - n->args);
		markup_close(m);
		markup_open(m, "b");
		markup_text_part(m, request, rest - request);
		markup_close(m);
		markup_text(m, rest);
	}
	markup_text(m, ")");
	markup_close(m);
}

static void write_tracepoint(const struct page *p, const struct node *n)
{
	markup_leaf(&p->out->m, "span", "ev", n->name);
	write_arguments(p, n);
}

/* The index has KVM's functions; of the others we only know the name. */
static void write_level(const struct page *p, const struct node *n)
{
	struct markup *m = &p->out->m;
	const struct symbol *s = symbols_find(p->symbols, n->name);
	bool inlined = n->kind == NODE_INLINED;

	markup_open_class(m, "span", inlined ? "inlined" : "unseen");
	if (s)
		html_symbol(p, s);
	else
		markup_text(m, n->name);
	markup_close(m);
	markup_text(m, " ");
	markup_leaf(m, "span", "level", inlined ? "inlined" : "not recorded");
}

void html_result(const struct page *p, const struct node *n)
{
	struct markup *m = &p->out->m;

	if (n->open)
		markup_leaf(m, "span", "ret", " never returned");
	if (!n->result)
		return;
	markup_open_class(m, "span", n->result[0] == '-' ? "ret err" : "ret");
	markup_text(m, " = ");
	markup_text(m, n->result);
	markup_close(m);
}

void html_call(const struct page *p, const struct node *n)
{
	if (is_level(n)) {
		write_level(p, n);
		return;
	}
	if (n->kind == NODE_SYSCALL)
		write_system_call(p, n);
	else if (n->kind == NODE_CALL)
		write_function_call(p, n);
	else
		write_tracepoint(p, n);
	html_result(p, n);
}

/* Where in the kernel the call was made. */
void html_call_site(const struct page *p, const char *place)
{
	struct markup *m = &p->out->m;
	char *text = xasprintf("← %s", html_file_of(place));

	markup_text(m, " ");
	/* Where the index is of another kernel, so is the source. */
	if (p->symbols)
		html_link(p, "loc site", place, text);
	else
		markup_leaf(m, "span", "loc site", text);
	free(text);
}

void html_place(const struct page *p, const struct node *n)
{
	struct markup *m = &p->out->m;
	const struct symbol *s;

	if (n->place && n->kind == NODE_SYSCALL) {
		markup_text(m, " ");
		fragment_program_line(p->out, n->place,
				      html_file_of(n->place));
	}
	if (n->kind == NODE_SYSCALL || n->kind == NODE_EVENT)
		return;
	s = symbols_find(p->symbols, n->name);
	if (s) {
		markup_text(m, " ");
		markup_open_class(m, "span", "loc");
		markup_printf(m, "%s:%d", html_file_of(s->path), s->line);
		markup_close(m);
	}
	if (n->place)
		html_call_site(p, n->place);
}
