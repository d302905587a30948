/*
 * Runs one program in one fresh machine: starts QEMU, carries the program's
 * input, output and files over a virtio-serial port (frame.h), keeps the tail
 * of the machine's console for the day it fails, and leaves nothing running.
 * The lab script chooses kernel and machine; see tools/lab/README.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "labrun.h"

struct options options = {.timeout = 60, .grace = 15};
int port = -1, console_fd = -1;
static volatile sig_atomic_t caught_signal, window_changed;
static double deadline;
static int times_over; /* how often the machine was told that the time is over */

static void vsay(const char *format, va_list args)
{
	fputs("lab: ", stderr);
	vfprintf(stderr, format, args);
	fputs(terminal_is_raw() ? "\r\n" : "\n", stderr);
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
}

void finish(int status)
{
	stop_qemu();
	drop_partial_file();
	restore_terminal();
	exit(status);
}

void fail(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
	finish(status);
}

void fail_with_console(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsay(format, args);
	va_end(args);
	show_console();
	finish(status);
}

bool write_all(int fd, const void *data, size_t length)
{
	const char *p = data;

	while (length) {
		ssize_t n = write(fd, p, length);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			p += n;
			length -= n;
		}
	}
	return true;
}

static void on_signal(int number)
{
	if (number == SIGWINCH)
		window_changed = 1;
	else
		caught_signal = number;
}

/* Signals come only while the loop waits, so that none is missed. */
static void catch_signals(sigset_t *while_waiting)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;
	size_t i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaction(caught[i], &action, NULL);
		sigaddset(&blocked, caught[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, while_waiting);
	for (i = 0; i < sizeof(caught) / sizeof(*caught); i++)
		sigdelset(while_waiting, caught[i]);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTTIN, SIG_IGN); /* reading in the background: end of file */
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

bool time_is_over(void)
{
	return times_over;
}

/*
 * At the limit the machine asks the program to end, and after the grace it kills
 * the program.  It still sends what the program left: output and files.  We stop
 * only a machine that then says nothing.
 */
static void end_of_time(void)
{
	if (times_over == 2)
		fail_with_console(EXIT_TIMEOUT,
				  "the time limit of %d s is over: the machine was stopped",
				  options.timeout);
	if (must_send())
		return;
	times_over++;
	queue_time_over();
	deadline = now() + options.grace;
}

static struct timespec *time_left(void)
{
	static struct timespec left;
	double seconds = deadline - now();

	if (!options.timeout)
		return NULL;
	if (seconds <= 0) {
		end_of_time();
		seconds = deadline - now();
	}
	if (seconds < 0.1) /* something is on its way to the machine */
		seconds = 0.1;
	left.tv_sec = seconds;
	left.tv_nsec = (seconds - left.tv_sec) * 1e9;
	return &left;
}

static void check_signals(void)
{
	if (caught_signal)
		finish(128 + caught_signal);
	if (window_changed && !must_send()) {
		window_changed = 0;
		queue_window();
	}
}

/* Until the machine has said how the program ended; receive() leaves. */
__attribute__((noreturn)) static void serve(const sigset_t *while_waiting)
{
	deadline = now() + options.timeout;
	for (;;) {
		struct timespec *left = time_left();
		int out = output_fd();
		short port_events = (out < 0 ? POLLIN : 0) | (must_send() ? POLLOUT : 0);
		struct pollfd fds[] = {
			{.fd = input_fd(), .events = POLLIN},
			{.fd = port_events ? port : -1, .events = port_events},
			{.fd = console_fd, .events = POLLIN},
			{.fd = out, .events = POLLOUT},
		};

		if (ppoll(fds, 4, left, while_waiting) < 0) {
			if (errno != EINTR)
				fail(EXIT_LAB, "poll: %s", strerror(errno));
			check_signals();
			continue;
		}
		if (fds[3].revents)
			pump_output();
		if (fds[2].revents && !read_console())
			console_fd = -1;
		if (console_is_flooded())
			fail_with_console(EXIT_LAB, "the machine flooded its console");
		if (out < 0 && fds[1].revents & (POLLIN | POLLHUP)) {
			receive();
			/* What a dead program has left is finite, and may take its time. */
			if (times_over == 2)
				deadline = now() + options.grace;
		}
		if (fds[1].revents & POLLOUT)
			send_to_machine();
		if (fds[0].revents)
			read_input();
		check_signals();
	}
}

/* A closed standard file must not become a socket to QEMU by chance. */
static void fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	close(fd);
}

int main(int argc, char **argv)
{
	sigset_t while_waiting;

	fill_standard_files();
	parse_arguments(argc, argv);
	catch_signals(&while_waiting);
	if (options.tty)
		make_terminal_raw();
	if (!options.icount)
		open_stdin();
	start_qemu();
	serve(&while_waiting);
}
