// SPDX-License-Identifier: MIT
/* Finds the tables that were installed with kvt. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/tables.h"
#include "release.h"

/* As `make install` puts them, seen from the folder of the program: so they
 * are found wherever both were installed. */
#define BESIDE "../share/kvt/" BOOK_RELEASE "/symbols.tsv"

const char *tables_symbols(void)
{
	static char path[PATH_MAX + sizeof(BESIDE)];
	const char *said = getenv("KVT_SYMBOLS");
	ssize_t n;

	if (said)
		return said;
	n = readlink("/proc/self/exe", path, PATH_MAX);
	if (n <= 0 || n == PATH_MAX)
		return NULL;
	path[n] = '\0';
	strcpy(strrchr(path, '/') + 1, BESIDE);
	return access(path, R_OK) ? NULL : path;
}
