/*
 * The first and only process of the lab's machine: mounts what a program
 * expects, runs the program, carries its input and output, hands over what it
 * left in /out, and says how it ended.  The host then stops the machine.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"

#define MAX_WORDS 1024
#define STDOUT_FILE "/run/stdout"
#define STDERR_FILE "/run/stderr"

struct config {
	char *argv[MAX_WORDS + 1];
	char *envp[MAX_WORDS + 1];
	int argc, envc;
	bool icount; /* no traffic with the host while the program runs */
	bool tty;    /* the program gets a terminal, of this size */
	struct winsize size;
	bool out;    /* the host wants the files of /out */
	bool hidden; /* which no path leads to: the program inherits it */
};

/* The program and this side's ends of its input and output; -1: none. */
struct child {
	pid_t pid;
	int in, out, err;
};

/* A frame from the host. */
struct input {
	size_t have; /* bytes of header and payload that are here */
	size_t done; /* bytes of the payload that the program has taken */
	struct frame head;
	char payload[FRAME_MAX];
};

static int port = -1;
static int folder = -1; /* the hidden one whose files the host wants; -1: it is /out */
static volatile sig_atomic_t child_ended;

static void power_off(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/*
 * A write to the port returns before the host has taken the bytes, and powering
 * off would lose them.  The host stops the machine when it has the last frame.
 */
static void await_end(void)
{
	for (;;)
		pause();
}

static bool write_all(int fd, const void *data, size_t length)
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

static void send_frame(enum frame_type type, const void *payload, size_t length)
{
	struct frame head = {.type = type, .length = length};

	if (!write_all(port, &head, sizeof(head)) || !write_all(port, payload, length))
		power_off();
}

__attribute__((format(printf, 2, 3))) static void send_text(enum frame_type type,
							    const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (port < 0)
		fprintf(stderr, "lab: init: %s\n", text);
	else
		send_frame(type, text, strlen(text));
	if (type != FRAME_ERROR)
		return;
	if (port < 0)
		power_off();
	await_end();
}

#define die(...)                                                                                   \
	do {                                                                                       \
		send_text(FRAME_ERROR, __VA_ARGS__);                                               \
		__builtin_unreachable();                                                           \
	} while (0)

static void mount_one(const char *type, const char *where, const char *options)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, options) < 0)
		die("cannot mount %s on %s: %m", type, where);
}

/*
 * A folder that is in nobody's tree: only who inherits its descriptor has it.
 * So what is in there when the program has ended, the program has left there.
 */
static void make_hidden_folder(void)
{
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC), made;

	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755", 0) < 0 ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		die("cannot make a hidden folder: %m");
	made = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	/* Out of the way of the numbers that the program will have. */
	folder = fcntl(made, F_DUPFD_CLOEXEC, HIDDEN_OUT + 1);
	if (made < 0 || folder < 0)
		die("cannot mount a hidden folder: %m");
	close(made);
	close(fs);
}

static void mount_all(const struct config *config)
{
	mount_one("proc", "/proc", NULL);
	mount_one("sysfs", "/sys", NULL);
	mount_one("tmpfs", "/dev/shm", "mode=1777");
	mount_one("devpts", "/dev/pts", "ptmxmode=0666");
	mount_one("tmpfs", "/tmp", "mode=1777");
	mount_one("tmpfs", "/run", "mode=0755");
	if (config->hidden)
		make_hidden_folder();
	else
		mount_one("tmpfs", "/out", "mode=0755");
	mount_one("debugfs", "/sys/kernel/debug", NULL);
	mount_one("tracefs", "/sys/kernel/tracing", NULL);
}

/* The kernel makes the port's device when the host has named it: soon. */
static void open_port(void)
{
	const struct timespec millisecond = {.tv_nsec = 1000000};
	int tries;

	mount_one("devtmpfs", "/dev", NULL);
	for (tries = 0; tries < 20000; tries++) {
		port = open(PORT_DEVICE, O_RDWR | O_CLOEXEC);
		if (port >= 0)
			return;
		nanosleep(&millisecond, NULL);
	}
	die("no %s: %m", PORT_DEVICE);
}

/* The words point into the text, which therefore stays. */
static void read_config(struct config *config)
{
	static char text[1 << 20];
	int fd = open(CONFIG_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	char *p;

	if (n < 0)
		die("cannot read %s: %m", CONFIG_FILE);
	close(fd);
	for (p = text; p < text + n; p += strlen(p) + 1) {
		if (!strncmp(p, "arg=", 4) && config->argc < MAX_WORDS)
			config->argv[config->argc++] = p + 4;
		else if (!strncmp(p, "env=", 4) && config->envc < MAX_WORDS)
			config->envp[config->envc++] = p + 4;
		else if (!strcmp(p, "icount=1"))
			config->icount = true;
		else if (sscanf(p, "tty=%hux%hu", &config->size.ws_row, &config->size.ws_col) == 2)
			config->tty = true;
		else if (!strcmp(p, "out=1"))
			config->out = true;
		else if (!strcmp(p, "hidden=1"))
			config->hidden = true;
		else
			die("%s: \"%s\" makes no sense", CONFIG_FILE, p);
	}
	if (!config->argc)
		die("%s names no program", CONFIG_FILE);
}

/* In the child, which reports a failure through a pipe that exec closes. */
static void exec_program(const struct config *config, int in, int out, int err, int report)
{
	sigset_t none;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	if (config->tty)
		ioctl(in, TIOCSCTTY, 0);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	if (folder >= 0)
		dup2(folder, HIDDEN_OUT);
	execve(config->argv[0], config->argv, config->envp);
	error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static void spawn(const struct config *config, struct child *child, int in, int out, int err)
{
	int report[2], error;

	if (pipe2(report, O_CLOEXEC) < 0)
		die("cannot make a pipe: %m");
	child->pid = fork();
	if (child->pid < 0)
		die("cannot start a process: %m");
	if (!child->pid)
		exec_program(config, in, out, err, report[1]);
	close(report[1]);
	if (read(report[0], &error, sizeof(error)) > 0)
		die("cannot start %s: %s", config->argv[0], strerror(error));
	close(report[0]);
	close(in);
	close(out);
	if (err != out)
		close(err);
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd < 0)
		die("cannot open %s: %m", path);
	return fd;
}

static void spawn_on_pipes(const struct config *config, struct child *child)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		die("cannot make a pipe: %m");
	child->in = in[1];
	child->out = out[0];
	child->err = err[0];
	fcntl(child->in, F_SETFL, O_NONBLOCK);
	spawn(config, child, in[0], out[1], err[1]);
}

static void spawn_on_terminal(const struct config *config, struct child *child)
{
	int master = open_or_die("/dev/ptmx", O_RDWR), slave;

	if (unlockpt(master) < 0)
		die("cannot open a terminal: %m");
	slave = open_or_die(ptsname(master), O_RDWR);
	ioctl(master, TIOCSWINSZ, &config->size);
	fcntl(master, F_SETFL, O_NONBLOCK);
	child->in = master;
	child->out = master;
	child->err = -1;
	spawn(config, child, slave, slave, slave);
}

static void spawn_on_files(const struct config *config, struct child *child)
{
	child->in = child->out = child->err = -1;
	spawn(config, child, open_or_die("/dev/null", O_RDONLY),
	      open_or_die(STDOUT_FILE, O_WRONLY | O_CREAT | O_APPEND),
	      open_or_die(STDERR_FILE, O_WRONLY | O_CREAT | O_APPEND));
}

/* Sends what can be read from *fd now; at its end closes it. */
static bool forward(int *fd, enum frame_type type)
{
	char data[FRAME_MAX];
	ssize_t n;

	if (*fd < 0)
		return false;
	n = read(*fd, data, sizeof(data));
	if (n > 0) {
		send_frame(type, data, n);
		return true;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	close(*fd); /* the end; EIO is a terminal's */
	*fd = -1;
	return false;
}

static bool frame_is_whole(const struct input *input)
{
	return input->have >= sizeof(input->head) &&
	       input->have == sizeof(input->head) + input->head.length;
}

/* Reads no further than the end of the frame. */
static void receive(struct input *input)
{
	size_t want = sizeof(input->head);
	ssize_t n;

	if (input->have >= want)
		want += input->head.length;
	n = read(port, (char *)&input->head + input->have, want - input->have);
	if (n > 0)
		input->have += n;
	if (input->have == sizeof(input->head) && input->head.length > FRAME_MAX)
		die("the host sent a frame of %u bytes", input->head.length);
}

static void close_input(struct child *child)
{
	if (child->in >= 0 && child->in != child->out)
		close(child->in);
	child->in = -1;
}

/* The end of the input.  A terminal has none, but a key that means it. */
static void end_input(struct child *child)
{
	if (child->in >= 0 && child->in == child->out) {
		if (write(child->in, "\004", 1) == 1)
			return;
	}
	close_input(child);
}

/* Gives the program what it will take; true: it has all of it. */
static bool deliver(struct input *input, struct child *child)
{
	size_t left = input->head.length - input->done;
	ssize_t n;

	if (!input->head.length)
		end_input(child);
	if (!left || child->in < 0)
		return true;
	n = write(child->in, input->payload + input->done, left);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		close_input(child); /* it reads no more */
		return true;
	}
	if (n > 0)
		input->done += n;
	return input->done == input->head.length;
}

/*
 * The time limit is over.  SIGALRM ends a program, unless it knows better: a
 * recorder then ends its recording and the program that it records.  The
 * second time there is no choice.
 */
static void end_program(const struct child *child)
{
	static bool was_told;

	kill(child->pid, was_told ? SIGKILL : SIGALRM);
	was_told = true;
}

/* Acts on a frame that has come in; true: it is input, to be delivered. */
static bool act_on_frame(struct input *input, const struct child *child)
{
	if (input->head.type == FRAME_STDIN)
		return true;
	if (input->head.type == FRAME_WINDOW && child->in >= 0)
		ioctl(child->in, TIOCSWINSZ, input->payload);
	if (input->head.type == FRAME_TIME_OVER)
		end_program(child);
	input->have = 0;
	return false;
}

static void on_child(int signal_number)
{
	(void)signal_number;
	child_ended = 1;
}

/* Waits until one of FDS is ready, or a child has ended. */
static void wait_for_any(struct pollfd *fds, int count)
{
	sigset_t unblocked;

	sigprocmask(SIG_SETMASK, NULL, &unblocked);
	sigdelset(&unblocked, SIGCHLD);
	if (!child_ended && ppoll(fds, count, NULL, &unblocked) >= 0)
		return;
	child_ended = 0;
	while (count--)
		fds[count].revents = 0;
}

/* Carries input and output until the program has ended. */
static int serve(struct child *child)
{
	static struct input frames[2];
	struct input *incoming = &frames[0], *held = &frames[1], *other;
	bool is_held = false; /* input that the program has not taken */
	int status;

	for (;;) {
		struct pollfd fds[] = {
			{.fd = port, .events = POLLIN},
			{.fd = is_held ? child->in : -1, .events = POLLOUT},
			{.fd = child->out, .events = POLLIN},
			{.fd = child->err, .events = POLLIN},
		};

		wait_for_any(fds, 4);
		if (waitpid(child->pid, &status, WNOHANG) == child->pid)
			return status;
		if (fds[0].revents & POLLIN)
			receive(incoming);
		if (frame_is_whole(incoming) && act_on_frame(incoming, child)) {
			if (is_held)
				die("the host sent more input than it may");
			is_held = true;
			other = held, held = incoming, incoming = other;
			incoming->have = held->done = 0;
		}
		if (is_held && deliver(held, child)) {
			is_held = false;
			send_frame(FRAME_TAKEN, NULL, 0);
		}
		if (fds[2].revents)
			forward(&child->out, FRAME_STDOUT);
		if (fds[3].revents)
			forward(&child->err, FRAME_STDERR);
	}
}

/* What the program started and did not wait for ends with it. */
static void kill_the_rest(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static void drain(struct child *child)
{
	if (child->out >= 0)
		fcntl(child->out, F_SETFL, O_NONBLOCK);
	while (forward(&child->out, FRAME_STDOUT))
		;
	while (forward(&child->err, FRAME_STDERR))
		;
}

static void send_content(const char *path, enum frame_type type)
{
	int fd = open_or_die(path, O_RDONLY);

	while (forward(&fd, type))
		;
}

static void send_file(int dir, const char *name)
{
	struct {
		uint32_t mode;
		char name[256];
	} head;
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode)) {
		send_text(FRAME_WARNING, "/out/%s is not a file: left behind", name);
		return;
	}
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("cannot read /out/%s: %m", name);
	head.mode = st.st_mode & 0777;
	strncpy(head.name, name, sizeof(head.name));
	send_frame(FRAME_FILE, &head, sizeof(head.mode) + strlen(name));
	while (forward(&fd, FRAME_DATA))
		;
	send_frame(FRAME_FILE_END, NULL, 0);
}

static void send_files(void)
{
	struct dirent **entries;
	int dir = folder >= 0 ? folder : open_or_die("/out", O_RDONLY | O_DIRECTORY);
	int i, n = scandirat(dir, ".", &entries, NULL, alphasort);

	if (n < 0)
		die("cannot read /out: %m");
	for (i = 0; i < n; i++)
		if (strcmp(entries[i]->d_name, ".") && strcmp(entries[i]->d_name, ".."))
			send_file(dir, entries[i]->d_name);
}

/*
 * With icount nothing may come from the host or go there meanwhile, except for
 * the end of the time limit.
 */
static int run_silently(const struct config *config, struct child *child)
{
	int status;

	spawn_on_files(config, child);
	status = serve(child);
	kill_the_rest();
	send_content(STDOUT_FILE, FRAME_STDOUT);
	send_content(STDERR_FILE, FRAME_STDERR);
	return status;
}

static int run_attended(const struct config *config, struct child *child)
{
	int status;

	if (config->tty)
		spawn_on_terminal(config, child);
	else
		spawn_on_pipes(config, child);
	status = serve(child);
	kill_the_rest();
	drain(child);
	return status;
}

int main(void)
{
	static struct config config;
	struct sigaction on_sigchld = {.sa_handler = on_child};
	struct child child;
	sigset_t blocked;
	uint32_t status;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGCHLD, &on_sigchld, NULL);
	signal(SIGPIPE, SIG_IGN);

	open_port();
	read_config(&config);
	/* The kernel makes its first tree for everybody to write to. */
	if (chmod("/", 0755) < 0)
		die("cannot close /: %m");
	mount_all(&config);
	if (sethostname("lab", 3) < 0)
		die("cannot set the host's name: %m");
	if (chdir("/work") < 0)
		die("cannot enter /work: %m");
	status = config.icount ? run_silently(&config, &child) : run_attended(&config, &child);
	if (config.out)
		send_files();
	send_frame(FRAME_EXIT, &status, sizeof(status));
	await_end();
}
