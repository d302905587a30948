// SPDX-License-Identifier: MIT
/* The arguments of a call, as a capture has them. */
#include <string.h>

#include "base/memory.h"
#include "view/call_args.h"

const char *arg_end(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '(' || *s == '{' || *s == '[')
			depth++;
		else if (*s == ')' || *s == '}' || *s == ']')
			depth--;
		else if (*s == ',' && depth <= 0)
			break;
	}
	return s;
}

/* What stands behind "name=", if the argument from S to END has a name. */
static const char *arg_begin(const char *s, const char *end)
{
	const char *bracket = memchr(s, '{', end - s);
	const char *equals = memchr(s, '=', (bracket ?: end) - s);

	return equals ? equals + 1 : s;
}

bool arg_at(const char *args, int i, struct arg_value *value)
{
	const char *s = args, *end;

	for (; *s; s = end + (*end == ','), s += strspn(s, " ")) {
		end = arg_end(s);
		if (i--)
			continue;
		value->text = arg_begin(s, end);
		value->size = end - value->text;
		return true;
	}
	return false;
}

bool arg_named(const char *args, const char *name, struct arg_value *value)
{
	size_t length = strlen(name);

	for (const char *p = args; (p = strstr(p, name)); p += length) {
		if (p[length] != '=' ||
		    (p != args && p[-1] != ' ' && p[-1] != '{'))
			continue;
		value->text = p + length + 1;
		value->size = strcspn(value->text, ",}");
		return true;
	}
	return false;
}

bool arg_is(const struct arg_value *value, const char *text)
{
	return value->size == strlen(text) &&
	       !memcmp(value->text, text, value->size);
}

char *arg_copy(const struct arg_value *value)
{
	const char *bracket = memchr(value->text, '{', value->size);
	size_t size = bracket ? (size_t)(bracket - value->text)
			      : value->size;

	while (size && value->text[size - 1] == ' ')
		size--;
	return xasprintf("%.*s", (int)size, value->text);
}
