// SPDX-License-Identifier: MIT
/* A fragment of HTML: printed, or returned in parts. */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/json.h"
#include "base/markup.h"
#include "view/fragment.h"

static FILE *new_part(struct fragment *f)
{
	FILE *out = open_memstream(&f->text, &f->size);

	if (!out)
		die(KVT_FAILED, "out of memory");
	return out;
}

/* Ends the current part. */
static void end_part(struct fragment *f)
{
	if (fclose(f->m.out))
		die(KVT_FAILED, "out of memory");
	json_object_array_add(f->parts, json_text_part(f->text, f->size));
	free(f->text);
	f->text = NULL;
}

void fragment_print(struct fragment *f, FILE *out)
{
	*f = (struct fragment){ .m.out = out };
}

void fragment_collect(struct fragment *f)
{
	*f = (struct fragment){ .parts = json_object_new_array() };
	f->m.out = new_part(f);
}

void fragment_program_line(struct fragment *f, const char *place,
			   const char *text)
{
	struct json_object *line;

	if (!f->parts) {
		markup_open_class(&f->m, "span", "loc");
		markup_attribute(&f->m, "data-at", place);
		markup_text(&f->m, text);
		markup_close(&f->m);
		return;
	}
	/* Ends an open tag, because the link belongs after it. */
	markup_text(&f->m, "");
	end_part(f);
	line = json_object_new_object();
	json_add_text(line, "at", place);
	json_add_text(line, "text", text);
	json_object_array_add(f->parts, line);
	f->m.out = new_part(f);
}

struct json_object *fragment_end(struct fragment *f)
{
	markup_end(&f->m);
	if (f->parts)
		end_part(f);
	return f->parts;
}

void fragment_print_parts(struct fragment *f)
{
	struct json_object *object, *parts = fragment_end(f);

	if (!parts)
		return;
	object = json_object_new_object();
	json_add(object, "html", parts);
	json_print(stdout, object, JSON_LINE);
	putchar('\n');
}
