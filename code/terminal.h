/* SPDX-License-Identifier: MIT */
/*
 * The terminal that the guest's console is shown on, and what is typed
 * there.  Chapter 30 explains it.
 */
/* [headers] */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <termios.h>
#include "image.h"
/* [/headers] */

/* [bell] */
/* What the main loop waits for, besides the terminal. */
static int bell;

static inline int make_eventfd(void)
{
	return must(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		    "No descriptor is left.");
}

static inline void add(int fd)
{
	const uint64_t one = 1;

	must(write(fd, &one, sizeof(one)), "It is no eventfd.");
}
/* [/bell] */

/* [standard] */
/* Descriptors 0 to 2 must be there, or a disk would get the output. */
static inline void open_standard(void)
{
	int fd;

	do {
		fd = must(open("/dev/null", O_RDWR), "Is /dev there?");
	} while (fd <= 2);
	close(fd);
}
/* [/standard] */

/* [raw] */
static struct termios terminal_before;
static bool is_terminal;

static inline void restore_terminal(void)
{
	if (is_terminal)
		tcsetattr(0, TCSANOW, &terminal_before);
}

/*
 * From now on the guest gets each key, Ctrl-C, too.  exit() and the
 * five signals below make the terminal again what it was; SIGKILL and a
 * crash do not.
 */
static inline void take_terminal(void)
{
	struct termios raw;

	is_terminal = tcgetattr(0, &terminal_before) == 0;
	if (!is_terminal)
		return;
	atexit(restore_terminal);
	raw = terminal_before;
	cfmakeraw(&raw);
	raw.c_oflag = terminal_before.c_oflag;
	tcsetattr(0, TCSANOW, &raw);
}
/* [/raw] */

/* [signals] */
static sigset_t deadly;

/* A thread: waits for a signal, and dies of it when all is restored. */
static inline void *await_signal(void *unused)
{
	int signal_number;

	(void)unused;
	sigwait(&deadly, &signal_number);
	restore_terminal();
	signal(signal_number, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &deadly, NULL);
	raise(signal_number);
	return NULL;
}

/* For main(), before there are other threads. */
static inline void handle_signals(void)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM,
	};
	pthread_t thread;

	sigemptyset(&deadly);
	for (int i = 0; i < 5; i++)
		sigaddset(&deadly, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &deadly, NULL);
	signal(SIGPIPE, SIG_IGN);
	errno = pthread_create(&thread, NULL, await_signal, NULL);
	must(-errno, "No memory is left.");
}
/* [/signals] */

/* [show] */
/* Shows what the guest has written. */
static inline void show(const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(1, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fail("Nobody reads what the guest writes: %s.",
			     strerror(errno));
		text += n;
		length -= n;
	}
}
/* [/show] */

/* [input] */
enum { CTRL_A = 1, PIECE = 64 };

/* What was typed and the guest has not taken: a ring. */
static char typed[4096];
static unsigned int typed_first, typed_last;	/* they never go back */
static bool typed_all;				/* no more will come */

static inline bool next_typed(char *c)
{
	if (typed_first == typed_last)
		return false;
	*c = typed[typed_first++ % sizeof(typed)];
	return true;
}

/* Else what comes next waits outside, and nothing is lost. */
static inline bool has_room(void)
{
	return typed_last - typed_first <= sizeof(typed) - PIECE;
}

static inline void type(char c)
{
	if (typed_last - typed_first < sizeof(typed))
		typed[typed_last++ % sizeof(typed)] = c;
}

/* Takes what there is; Ctrl-A twice is Ctrl-A.  True for Ctrl-A x. */
static inline bool read_input(void)
{
	static bool escape;
	char text[PIECE];
	ssize_t n = read(0, text, sizeof(text));

	typed_all = n <= 0;
	for (ssize_t i = 0; i < n; i++) {
		if (is_terminal && escape && text[i] == 'x')
			return true;
		escape = is_terminal && !escape && text[i] == CTRL_A;
		if (!escape)
			type(text[i]);
	}
	return false;
}
/* [/input] */

/* [end] */
#endif
/* [/end] */
