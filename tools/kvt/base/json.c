// SPDX-License-Identifier: MIT
/* JSON, by json-c: text that is always UTF-8, and one way to print. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/json.h"

/* Returns the length of the UTF-8 character at S, of LEFT bytes; 0: it is
 * none. */
static int utf8_length(const unsigned char *s, size_t left)
{
	int length = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 :
		     *s >= 0xe0 && *s < 0xf0 ? 3 :
		     *s >= 0xf0 && *s < 0xf5 ? 4 : 0;

	if ((size_t)length > left)
		return 0;
	for (int i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Refuses longer forms than necessary, surrogates, and numbers past
	 * the last. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] >= 0xa0) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] >= 0x90))
		return 0;
	return length;
}

static struct json_object *sound(struct json_object *o)
{
	if (!o)
		die(KVT_FAILED, "out of memory");
	return o;
}

struct json_object *json_text_part(const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text, *end = s + size;
	struct buf clean = { 0 };
	struct json_object *o;

	while (s < end) {
		const unsigned char *from = s;
		int length;

		while (s < end && (length = utf8_length(s, end - s)))
			s += length;
		if (s == end && !clean.text)
			break;
		buf_add(&clean, from, s - from);
		if (s == end)
			break;
		buf_puts(&clean, "\357\277\275");
		s++;
	}
	o = clean.text ? json_object_new_string_len(clean.text, clean.size) :
			 json_object_new_string_len(text, size);
	buf_free(&clean);
	return sound(o);
}

struct json_object *json_text(const char *text)
{
	return json_text_part(text, strlen(text));
}

void json_add(struct json_object *object, const char *key,
	      struct json_object *member)
{
	if (json_object_object_add(object, key, member))
		die(KVT_FAILED, "out of memory");
}

void json_add_text(struct json_object *object, const char *key,
		   const char *text)
{
	json_add(object, key, text ? json_text(text) : NULL);
}

void json_add_number(struct json_object *object, const char *key,
		     uint64_t number)
{
	json_add(object, key, sound(json_object_new_uint64(number)));
}

void json_print(FILE *out, struct json_object *object, enum json_form form)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE |
		    (form == JSON_TREE ? JSON_C_TO_STRING_PRETTY :
					 JSON_C_TO_STRING_PLAIN);
	size_t length;
	const char *text = json_object_to_json_string_length(object, flags,
							     &length);

	if (!text)
		die(KVT_FAILED, "out of memory");
	fwrite(text, 1, length, out);
	json_object_put(object);
}
