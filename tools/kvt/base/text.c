// SPDX-License-Identifier: MIT
/* Checks that text is safe to show. */
#include <stddef.h>

#include "base/text.h"

/* Returns the length of the UTF-8 sequence at P; 0: it is none. */
static int sequence(const unsigned char *p)
{
	int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;
	unsigned int code = p[0] & (0x3f >> more);

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	/* Refuses long forms, surrogates, numbers too large, and C1
	 * controls. */
	if (code < 0xa0 || (more == 2 && code < 0x800) ||
	    (more == 3 && code < 0x10000) ||
	    (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	return more + 1;
}

const char *text_fault(const char *line)
{
	const unsigned char *p = (const unsigned char *)line;

	for (;;) {
		int n;

		while (*p >= ' ' && *p < 0x7f)
			p++;
		if (!*p)
			return NULL;
		if (*p < 0x80)
			return "a control character";
		n = sequence(p);
		if (!n)
			return "not UTF-8";
		p += n;
	}
}
