/* What goes to the machine: the program's input, the terminal's size, the time limit. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "labrun.h"

#define ESCAPE_KEY 0x1d /* Ctrl-] leaves the machine */

static struct transfer outgoing;
static bool stdin_is_open;
/* The machine holds input that the program has not taken: it can keep no more,
 * but everything else must still reach it. */
static bool input_is_held;

void open_stdin(void)
{
	stdin_is_open = true;
}

static void queue_frame(enum frame_type type, size_t length)
{
	outgoing.frame.head.type = type;
	outgoing.frame.head.length = length;
	outgoing.have = sizeof(struct frame) + length;
	outgoing.done = 0;
}

int input_fd(void)
{
	return stdin_is_open && !input_is_held && !must_send() ? 0 : -1;
}

void read_input(void)
{
	ssize_t n = read(0, outgoing.frame.payload, FRAME_MAX);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		stdin_is_open = false;
		n = 0;
	}
	if (terminal_is_raw() && memchr(outgoing.frame.payload, ESCAPE_KEY, n)) {
		say("left with Ctrl-]");
		finish(0);
	}
	input_is_held = true;
	queue_frame(FRAME_STDIN, n);
}

void input_was_taken(void)
{
	input_is_held = false;
}

void queue_window(void)
{
	struct winsize size;

	if (ioctl(0, TIOCGWINSZ, &size) < 0)
		return;
	memcpy(outgoing.frame.payload, &size, sizeof(size));
	queue_frame(FRAME_WINDOW, sizeof(size));
}

void queue_time_over(void)
{
	queue_frame(FRAME_TIME_OVER, 0);
}

bool must_send(void)
{
	return outgoing.have;
}

void send_to_machine(void)
{
	ssize_t n = send(port, (char *)&outgoing.frame + outgoing.done,
			 outgoing.have - outgoing.done, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		outgoing.done += n;
	if (outgoing.done == outgoing.have)
		outgoing.have = outgoing.done = 0;
}
