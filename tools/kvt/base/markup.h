/* SPDX-License-Identifier: MIT */
/*
 * Writes HTML to a stream.
 *
 * Elements nest by construction and all text is escaped by construction: a
 * caller opens an element, gives it its attributes, writes what is inside,
 * and closes it.  Attributes come before anything inside; an element that is
 * closed too often, or an attribute that comes too late, ends the program.
 *
 * A struct markup begins as { .out = STREAM }.  It does not own the stream.
 * Element names are kept by reference until the element is closed, so they
 * are string literals.  markup_end() frees what the writer holds, and checks
 * that every element was closed.
 */
#ifndef KVT_MARKUP_H
#define KVT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct markup {
	FILE *out;
	const char **element;	/* the open ones, outermost first: stb_ds */
	bool in_tag;		/* the last one's tag still takes attributes */
};

void markup_open(struct markup *m, const char *element);
/* VALUE is NULL for an attribute without one: <details open>. */
void markup_attribute(struct markup *m, const char *name, const char *value);
void markup_attribute_printf(struct markup *m, const char *name,
			     const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Closes the innermost element. */
void markup_close(struct markup *m);
/* An element that has no inside and no end: <wbr>. */
void markup_void(struct markup *m, const char *element);
void markup_text(struct markup *m, const char *text);
void markup_text_part(struct markup *m, const char *text, size_t size);
void markup_printf(struct markup *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* An element with a class and nothing but TEXT inside. */
void markup_leaf(struct markup *m, const char *element, const char *class,
		 const char *text);
/* An element that is opened with a class. */
void markup_open_class(struct markup *m, const char *element,
		       const char *class);
void markup_end(struct markup *m);

#endif
