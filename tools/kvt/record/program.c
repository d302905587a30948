// SPDX-License-Identifier: MIT
/* Starts the program, follows it, and waits for its end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "record/attach.h"
#include "record/pages.h"
#include "record/priority.h"
#include "record/program.h"
#include "record/recorder.h"
#include "record/tracer.h"

enum { EXIT_TIMEOUT = 124 };	/* as timeout(1) has it */

/* SIGALRM says that the time is over: by our own timer, or from outside. */
static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
enum { CAUGHT = sizeof(caught) / sizeof(*caught) };

static volatile sig_atomic_t interrupted, time_is_over;
static struct sigaction pipe_found;
static struct recorder *running;	/* has a child; for the exit */
static bool is_left;			/* the child may go on */
static bool is_ended;			/* we killed the child: its time is over */

static void note_signal(int sig)
{
	if (sig == SIGALRM)
		time_is_over = 1;
	else
		interrupted = sig;
}

void program_catch_signals(void)
{
	struct sigaction note = { .sa_handler = note_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (int i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &note, NULL);
	sigaction(SIGPIPE, &ignore, &pipe_found);
}

/* Waits, in the child, until somebody writes to its end of the pipe. */
static void wait_and_run(int go, char **argv)
{
	char c;

	for (int i = 0; i < CAUGHT; i++)
		signal(caught[i], SIG_DFL);
	sigaction(SIGPIPE, &pipe_found, NULL);
	priority_restore();
	if (read(go, &c, 1) != 1)
		_exit(127);
	execvp(argv[0], argv);
	fprintf(stderr, "kvt: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* A recording that fails kills the program.  If the program may go on, we wait
 * for it, even if its capture fails. */
static void end_running(void)
{
	if (!running)
		return;
	if (is_left)
		program_wait(running);
	else
		kill(running->child, SIGKILL);
}

int program_fork(struct recorder *r, char **argv)
{
	int pipe_fd[2];

	if (pipe2(pipe_fd, O_CLOEXEC))
		die(KVT_FAILED, "pipe: %s", strerror(errno));
	r->child = fork();
	if (r->child < 0)
		die(KVT_FAILED, "fork: %s", strerror(errno));
	if (r->child == 0) {
		close(pipe_fd[1]);
		wait_and_run(pipe_fd[0], argv);
	}
	running = r;
	atexit(end_running);
	close(pipe_fd[0]);
	return pipe_fd[1];
}

void program_leave(void)
{
	is_left = true;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void program_end(struct recorder *r)
{
	if (r->child <= 0)
		return;
	is_ended = true;
	kill(r->child, SIGKILL);
}

/* Passes a signal to the program that we started; without one, it ends the
 * recording.  When the time is over, kills a program whose recording has
 * ended. */
static void pass_signal(struct recorder *r)
{
	if (time_is_over && r->stopped)
		program_end(r);
	else if (time_is_over)
		r->stopped = "timeout";
	if (interrupted && r->child > 0)
		kill(r->child, interrupted);
	else if (interrupted && !r->stopped)
		r->stopped = "interrupt";
	interrupted = 0;
}

void program_wait(struct recorder *r)
{
	int status;

	if (r->child <= 0)
		return;
	while (waitpid(r->child, &status, 0) < 0) {
		if (errno != EINTR)
			die(KVT_FAILED, "waitpid: %s", strerror(errno));
		pass_signal(r);
	}
	r->child = 0;
	running = NULL;
	r->status = is_ended ? EXIT_TIMEOUT :
		    WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					  WEXITSTATUS(status);
}

/* Called when P's process has ended.  If another that it started lives on, P
 * waits for that one. */
static void wait_for_next(struct recorder *r, struct pollfd *p)
{
	bool is_ours = r->child > 0;
	pid_t next;

	program_wait(r);
	close(p->fd);
	p->fd = -1;
	while (p->fd < 0 && (next = tracer_living(r))) {
		p->fd = syscall(SYS_pidfd_open, next, 0);
		if (p->fd < 0 && errno != ESRCH)
			die(KVT_FAILED, "pidfd_open: %s", strerror(errno));
	}
	if (is_ours && p->fd >= 0)
		warn("%s has ended and left processes behind: the recording"
		     " goes on until they end, or until Ctrl-C", r->program);
}

/* Milliseconds until --duration is over, a second at most; sets R->stopped if
 * it is. */
static long time_left(struct recorder *r, long begun)
{
	long left = 1000;

	if (r->duration_ms && begun + r->duration_ms - now_ms() < left)
		left = begun + r->duration_ms - now_ms();
	if (left <= 0)
		r->stopped = "duration";
	return left;
}

static void start_timer(const struct recorder *r)
{
	struct itimerval timer = {
		.it_value.tv_sec = r->timeout_ms / 1000,
		.it_value.tv_usec = r->timeout_ms % 1000 * 1000,
	};

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Empties the buffers when they are full enough, until P, the process, and
 * all that it started have ended, or a limit is reached. */
static void follow(struct recorder *r, struct pollfd *p)
{
	struct pollfd *process = &p[r->cpus];
	long begun = now_ms(), left;

	while (process->fd >= 0 && (left = time_left(r, begun)) > 0) {
		if (poll(p, r->cpus + 1, left) < 0) {
			if (errno != EINTR)
				die(KVT_FAILED, "poll: %s", strerror(errno));
			process->revents = 0;
			for (int i = 0; i < r->cpus; i++)
				p[i].revents = 0;
		}
		pass_signal(r);
		for (int i = 0; i < r->cpus; i++)
			if (p[i].revents & POLLIN)
				pages_drain(r);
		if (process->revents & POLLIN)
			wait_for_next(r, process);
		if (r->max_size && r->written >= r->max_size && !r->stopped)
			r->stopped = "max-size";
		if (r->stopped)
			break;
	}
	if (process->fd < 0)
		r->stopped = NULL;
}

static void start(struct recorder *r, int go)
{
	tracer_on(r);
	if (write(go, "", 1) != 1)
		die(KVT_FAILED, "cannot start the program: %s",
		    strerror(errno));
	close(go);
}

/* Descriptors that come and go meanwhile are in the recording itself. */
static void attach(struct recorder *r)
{
	char *path = xasprintf("%s/fds", r->dir);
	FILE *fds = open_file(path, "we");

	attach_fds(r->pid, fds);
	tracer_on(r);
	attach_fds(r->pid, fds);
	close_file(fds, path);
	free(path);
}

void program_follow(struct recorder *r, int go)
{
	struct pollfd *p = xcalloc(r->cpus + 1, sizeof(*p));
	int pidfd = syscall(SYS_pidfd_open, r->pid ?: r->child, 0);

	if (pidfd < 0)
		die(KVT_FAILED, "pidfd_open: %s", strerror(errno));
	for (int i = 0; i < r->cpus; i++)
		p[i] = (struct pollfd){ .fd = r->fd[i], .events = POLLIN };
	p[r->cpus] = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	start_timer(r);
	if (r->pid)
		attach(r);
	else
		start(r, go);
	priority_raise();
	follow(r, p);
	priority_restore();
	tracer_off(r);
	if (p[r->cpus].fd >= 0)
		close(p[r->cpus].fd);
	free(p);
}
