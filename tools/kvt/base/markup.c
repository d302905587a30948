// SPDX-License-Identifier: MIT
/* Writes HTML: nesting and escaping by construction. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/markup.h"
#include "base/memory.h"
#include "base/vec.h"

/* A no-break space has a name, because a reader of HTML cannot tell it from
 * an ordinary one. */
static void write_escaped(FILE *out, const char *text, size_t size)
{
	static const char space[] = "\302\240";

	for (const char *end = text + size; text < end; text++)
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else if (end - text > 1 && !memcmp(text, space, 2))
			fputs("&nbsp;", out), text++;
		else
			putc_unlocked(*text, out);
}

static void end_tag(struct markup *m)
{
	if (m->in_tag)
		putc_unlocked('>', m->out);
	m->in_tag = false;
}

void markup_open(struct markup *m, const char *element)
{
	end_tag(m);
	fprintf(m->out, "<%s", element);
	arrput(m->element, element);
	m->in_tag = true;
}

void markup_open_class(struct markup *m, const char *element,
		       const char *class)
{
	markup_open(m, element);
	markup_attribute(m, "class", class);
}

static void begin_attribute(struct markup *m, const char *name)
{
	if (!m->in_tag)
		die(KVT_FAILED, "HTML: an attribute, %s, outside of a tag",
		    name);
	fprintf(m->out, " %s", name);
}

void markup_attribute(struct markup *m, const char *name, const char *value)
{
	begin_attribute(m, name);
	if (!value)
		return;
	fputs("=\"", m->out);
	write_escaped(m->out, value, strlen(value));
	putc_unlocked('"', m->out);
}

static char *formatted(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		die(KVT_FAILED, "cannot format a text");
	return text;
}

void markup_attribute_printf(struct markup *m, const char *name,
			     const char *format, ...)
{
	va_list arguments;
	char *value;

	va_start(arguments, format);
	value = formatted(format, arguments);
	va_end(arguments);
	markup_attribute(m, name, value);
	free(value);
}

void markup_close(struct markup *m)
{
	end_tag(m);
	if (!arrlen(m->element))
		die(KVT_FAILED, "HTML: closed more elements than were opened");
	fprintf(m->out, "</%s>", arrpop(m->element));
}

void markup_void(struct markup *m, const char *element)
{
	end_tag(m);
	fprintf(m->out, "<%s>", element);
}

void markup_text_part(struct markup *m, const char *text, size_t size)
{
	end_tag(m);
	write_escaped(m->out, text, size);
}

void markup_text(struct markup *m, const char *text)
{
	markup_text_part(m, text, strlen(text));
}

void markup_printf(struct markup *m, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = formatted(format, arguments);
	va_end(arguments);
	markup_text(m, text);
	free(text);
}

void markup_leaf(struct markup *m, const char *element, const char *class,
		 const char *text)
{
	markup_open_class(m, element, class);
	markup_text(m, text);
	markup_close(m);
}

void markup_end(struct markup *m)
{
	if (m->in_tag || arrlen(m->element))
		die(KVT_FAILED, "HTML: an element is still open: %s",
		    arrlen(m->element) ? arrlast(m->element) : "");
	arrfree(m->element);
}
