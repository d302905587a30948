// SPDX-License-Identifier: MIT
/*
 * Spoils a file: mutate SEED IN OUT cuts it, or changes, removes or adds a
 * byte somewhere, as SEED says.  The result always differs from IN.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	static char text[1 << 24];
	size_t size, at;
	FILE *in, *out;

	if (argc != 4 || !(in = fopen(argv[2], "r")) ||
	    !(out = fopen(argv[3], "w")))
		return 2;
	size = fread(text, 1, sizeof(text) - 1, in);
	srandom(atoi(argv[1]));
	at = random() % size;
	switch (random() % 4) {
	case 0:
		size = at;
		break;
	case 1:
		text[at] ^= 1 << random() % 8;
		break;
	case 2:
		memmove(text + at, text + at + 1, size-- - at - 1);
		break;
	case 3:
		memmove(text + at + 1, text + at, size++ - at);
		text[at] ^= 1 + random() % 255;
		break;
	}
	fwrite(text, 1, size, out);
	return fclose(out) != 0;
}
