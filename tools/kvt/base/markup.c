// SPDX-License-Identifier: MIT
/* Text as HTML has it. */
#include <stdio.h>
#include <string.h>

#include "base/markup.h"

void put_text_part(const char *s, size_t size)
{
	for (; size--; s++)
		switch (*s) {
		case '&':
			fputs("&amp;", stdout);
			break;
		case '<':
			fputs("&lt;", stdout);
			break;
		case '>':
			fputs("&gt;", stdout);
			break;
		case '"':
			fputs("&quot;", stdout);
			break;
		default:
			putchar(*s);
		}
}

void put_text(const char *s)
{
	put_text_part(s, strlen(s));
}
