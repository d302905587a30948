// SPDX-License-Identifier: MIT
/* Numbers on the command line. */
#include <errno.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/number.h"

long parse_number(const char *option, const char *text, long low, long high)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < low || n > high)
		die(KVT_USAGE, "%s takes a number from %ld to %ld, not '%s'",
		    option, low, high, text);
	return n;
}
