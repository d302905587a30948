/* What comes from the machine: the program's output, its files, its end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "labrun.h"

static struct transfer incoming;
static int file = -1;
static char partial[PATH_MAX], file_name[NAME_MAX + 1];

static void write_file(const void *data, size_t length)
{
	if (!write_all(file, data, length))
		fail(EXIT_LAB, "cannot write %s: %s", partial, strerror(errno));
}

/* A guest is not trusted with more than a plain name in the directory. */
static void begin_file(const char *payload, size_t length)
{
	uint32_t mode;

	if (!options.out_dir || file >= 0 || length <= sizeof(mode) ||
	    length > sizeof(mode) + NAME_MAX)
		fail_with_console(EXIT_LAB, "the machine sent a file that was not asked for");
	memcpy(&mode, payload, sizeof(mode));
	memcpy(file_name, payload + sizeof(mode), length - sizeof(mode));
	file_name[length - sizeof(mode)] = 0;
	if (strchr(file_name, '/') || !strcmp(file_name, ".") || !strcmp(file_name, ".."))
		fail_with_console(EXIT_LAB, "the machine sent a file named \"%s\": refused",
				  file_name);
	snprintf(partial, sizeof(partial), "%s/.lab-%d.partial", options.out_dir, (int)getpid());
	unlink(partial);
	file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600 | (mode & 0777));
	if (file < 0)
		fail(EXIT_LAB, "cannot make %s: %s", partial, strerror(errno));
}

static void end_file(void)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", options.out_dir, file_name);
	if (close(file) < 0 || rename(partial, path) < 0)
		fail(EXIT_LAB, "cannot write %s: %s", path, strerror(errno));
	file = -1;
}

static void end_run(uint32_t status)
{
	const char *program = options.shell ? "the shell" : options.puts[0].name;
	int number = WTERMSIG(status);

	if (time_is_over()) {
		if (WIFEXITED(status))
			say("the time limit of %d s is over", options.timeout);
		else
			say("the time limit of %d s is over: %s was stopped", options.timeout,
			    program);
		finish(EXIT_TIMEOUT);
	}
	if (WIFEXITED(status))
		finish(WEXITSTATUS(status));
	say("%s was killed by signal %d (%s)", program, number, strsignal(number));
	finish(128 + number);
}

/*
 * Acts on the frame that has come in.  Output for the user is not written
 * here, since whoever reads it may be slow: see pump_output().
 */
static void act_on_frame(void)
{
	struct frame *head = &incoming.frame.head;
	char *payload = incoming.frame.payload;
	uint32_t status;

	switch (head->type) {
	case FRAME_STDOUT:
	case FRAME_STDERR:
		return;
	case FRAME_FILE:
		begin_file(payload, head->length);
		break;
	case FRAME_DATA:
		if (file < 0)
			fail_with_console(EXIT_LAB, "the machine sent data of no file");
		write_file(payload, head->length);
		break;
	case FRAME_FILE_END:
		if (file < 0)
			fail_with_console(EXIT_LAB, "the machine ended no file");
		end_file();
		break;
	case FRAME_TAKEN:
		input_was_taken();
		break;
	case FRAME_WARNING:
		say("%.*s", (int)head->length, payload);
		break;
	case FRAME_ERROR:
		fail_with_console(EXIT_LAB, "%.*s", (int)head->length, payload);
		break;
	case FRAME_EXIT:
		if (head->length != sizeof(status))
			fail_with_console(EXIT_LAB, "the machine sent a broken exit status");
		memcpy(&status, payload, sizeof(status));
		end_run(status);
		break;
	default:
		fail_with_console(EXIT_LAB, "the machine sent a frame of unknown type %u",
				  head->type);
	}
	incoming.have = incoming.done = 0;
}

static bool is_whole(const struct transfer *t)
{
	return t->have >= sizeof(t->frame.head) &&
	       t->have == sizeof(t->frame.head) + t->frame.head.length;
}

int output_fd(void)
{
	if (!is_whole(&incoming))
		return -1;
	return incoming.frame.head.type == FRAME_STDERR ? 2 : 1;
}

/* Never more than a pipe takes without blocking, once poll says it may: while we
 * wait for a slow reader we could neither see a signal nor the time limit. */
void pump_output(void)
{
	size_t left = incoming.frame.head.length - incoming.done;
	int fd = output_fd();
	ssize_t n = 0;

	if (left)
		n = write(fd, incoming.frame.payload + incoming.done,
			  left < PIPE_BUF ? left : PIPE_BUF);
	if (n < 0 && errno == EPIPE)
		finish(128 + SIGPIPE); /* as if the program had been running here */
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail(EXIT_LAB, "cannot write the program's output: %s", strerror(errno));
	if (n > 0)
		incoming.done += n;
	if (incoming.done == incoming.frame.head.length)
		incoming.have = incoming.done = 0;
}

static void machine_is_gone(void)
{
	while (read_console())
		;
	fail_with_console(EXIT_LAB, "the machine stopped before the program had ended");
}

void receive(void)
{
	size_t want = sizeof(struct frame);
	ssize_t n;

	if (incoming.have >= want)
		want += incoming.frame.head.length;
	n = read(port, (char *)&incoming.frame + incoming.have, want - incoming.have);
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		machine_is_gone();
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail(EXIT_LAB, "cannot read from QEMU: %s", strerror(errno));
	if (n > 0)
		incoming.have += n;
	if (incoming.have == sizeof(struct frame) && incoming.frame.head.length > FRAME_MAX)
		fail_with_console(EXIT_LAB, "the machine sent a frame of %u bytes",
				  incoming.frame.head.length);
	if (is_whole(&incoming))
		act_on_frame();
}

void drop_partial_file(void)
{
	if (file >= 0)
		unlink(partial);
}
