// SPDX-License-Identifier: MIT
/* Text as JSON has it. */
#include <stdio.h>

#include "base/json.h"

/* How many bytes the UTF-8 character at S has; 0: it is none. */
static int utf8_length(const unsigned char *s)
{
	int length = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 :
		     *s >= 0xe0 && *s < 0xf0 ? 3 :
		     *s >= 0xf0 && *s < 0xf5 ? 4 : 0;

	for (int i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than need be, a surrogate, or beyond the last one. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] >= 0xa0) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] >= 0x90))
		return 0;
	return length;
}

void json_string(FILE *out, const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	const unsigned char *end = s + size;

	fputc('"', out);
	while (s < end) {
		int length = utf8_length(s);

		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(out, "\\u%04x", *s);
		else if (length)
			fwrite(s, 1, length, out);
		else
			fputs("\\ufffd", out);
		s += length ?: 1;
	}
	fputc('"', out);
}
