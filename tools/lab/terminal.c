/* The user's terminal, which a program with a terminal of its own takes over. */
#include <stdbool.h>
#include <termios.h>

#include "labrun.h"

static struct termios found;
static bool is_raw;

void make_terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(0, &found) < 0) {
		if (options.shell)
			fail(EXIT_LAB, "the shell needs a terminal (to run a program: lab run)");
		return;
	}
	raw = found;
	cfmakeraw(&raw);
	/* What has been typed already is for the program. */
	is_raw = tcsetattr(0, TCSADRAIN, &raw) == 0;
}

void restore_terminal(void)
{
	if (is_raw)
		tcsetattr(0, TCSAFLUSH, &found);
	is_raw = false;
}

bool terminal_is_raw(void)
{
	return is_raw;
}
