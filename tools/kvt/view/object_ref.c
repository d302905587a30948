// SPDX-License-Identifier: MIT
/* The name of an object as it stands in a capture. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "view/object_ref.h"

static bool is_object_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *object_ref_next(const char *text, struct object_ref *r)
{
	const char *hash, *type;
	char *end;

	for (const char *p = text; (hash = strchr(p, '#')); p = hash + 1) {
		for (type = hash; type > text && is_object_letter(type[-1]); type--)
			;
		if (type == hash || !isdigit((unsigned char)hash[1]))
			continue;
		r->type = type;
		r->length = hash - type;
		r->number = strtoul(hash + 1, &end, 10);
		r->size = end - type;
		return end;
	}
	return NULL;
}

bool object_ref_is_of(const struct object_ref *r, const char *type)
{
	return r->length == strlen(type) && !memcmp(r->type, type, r->length);
}
