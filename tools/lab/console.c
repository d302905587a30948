/*
 * The machine's console: everything of importance comes over the port, so this
 * is only kept for the day when the machine fails.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "labrun.h"

#define KEPT 16384	/* bytes of the console's end that are kept */
#define SHOWN 25	/* lines of them that are shown */
#define FLOOD (1 << 18) /* a console that says more is broken */

static size_t total;
static char kept[KEPT]; /* the last bytes, in a ring */

bool read_console(void)
{
	char data[4096];
	ssize_t i, n = read(console_fd, data, sizeof(data));

	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	for (i = 0; i < n; i++)
		kept[total++ % KEPT] = data[i];
	if (options.verbose && !write_all(2, data, n))
		options.verbose = false;
	return true;
}

bool console_is_flooded(void)
{
	return total > FLOOD;
}

static char kept_at(size_t i)
{
	char c = kept[i % KEPT];

	return c == '\n' || c == '\t' || (unsigned char)c >= ' ' ? c : 0;
}

void show_console(void)
{
	size_t first = total > KEPT ? total - KEPT : 0;
	size_t i = total;
	int lines = 0;
	char c = '\n';

	if (!total || options.verbose)
		return;
	while (i > first && (kept_at(i - 1) != '\n' || i == total || ++lines < SHOWN))
		i--;
	restore_terminal();
	say("the end of the machine's console:");
	for (; i < total; i++) {
		if (c == '\n')
			fputs("  | ", stderr);
		c = kept_at(i);
		if (c)
			fputc(c, stderr);
	}
	if (c != '\n')
		fputc('\n', stderr);
}
