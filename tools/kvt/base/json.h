/* SPDX-License-Identifier: MIT */
/*
 * JSON, by json-c.
 *
 * Text of a capture is bytes: what is not UTF-8 becomes U+FFFD here, because
 * json-c passes all bytes on, and a reader of JSON refuses them.  Every
 * string that kvt writes as JSON is made by json_text().
 *
 * An object is the caller's until json_print() prints and frees it, or until
 * it becomes a part of another.  Running out of memory ends the program.
 */
#ifndef KVT_JSON_H
#define KVT_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <json-c/json.h>

enum json_form {
	JSON_LINE,	/* all in one line, without blanks */
	JSON_TREE,	/* indented, to be read and compared */
};

struct json_object *json_text(const char *text);
struct json_object *json_text_part(const char *text, size_t size);
/* Members of OBJECT; a TEXT of NULL is null. */
void json_add_text(struct json_object *object, const char *key,
		   const char *text);
void json_add_number(struct json_object *object, const char *key,
		     uint64_t number);
void json_add(struct json_object *object, const char *key,
	      struct json_object *member);
/* Prints OBJECT, without a line's end, and frees it. */
void json_print(FILE *out, struct json_object *object, enum json_form form);

#endif
