/*
 * Runs one program in one fresh machine: starts QEMU, carries the program's
 * input, output and files over a virtio-serial port (frame.h), keeps the tail
 * of the machine's console for the day it fails, and leaves nothing running.
 * The lab script chooses kernel and machine; see tools/lab/README.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "labrun.h"

#define CONSOLE_KEPT 16384	/* bytes of the console's end that are kept */
#define CONSOLE_SHOWN 25	/* lines of them that are shown */
#define CONSOLE_FLOOD (1 << 18) /* a console that says more is broken */
#define ESCAPE_KEY 0x1d		/* Ctrl-] leaves the shell */

/* The console's last bytes, in a ring. */
struct console {
	int fd;
	size_t total;
	char kept[CONSOLE_KEPT];
};

/* A frame on its way, in either direction. */
struct transfer {
	size_t have, done;
	struct {
		struct frame head;
		char payload[FRAME_MAX];
	} frame;
};

static struct options options = {.timeout = 60};
static struct console console = {.fd = -1};
static struct transfer from_guest, to_guest;
static int port = -1, file = -1;
static bool stdin_open, terminal_is_raw;
static struct termios terminal;
static char partial[PATH_MAX], file_name[NAME_MAX + 1];
static mode_t file_mode;
static pid_t qemu;
static volatile sig_atomic_t caught_signal, window_changed;

static void restore_terminal(void)
{
	if (terminal_is_raw)
		tcsetattr(0, TCSAFLUSH, &terminal);
	terminal_is_raw = false;
}

static void vsay(const char *format, va_list args)
{
	fputs("lab: ", stderr);
	vfprintf(stderr, format, args);
	fputs(terminal_is_raw ? "\r\n" : "\n", stderr);
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
	if (qemu > 0) {
		kill(qemu, SIGKILL);
		while (waitpid(qemu, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (file >= 0)
		unlink(partial);
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

/* ------------------------------------------------------------- console */

/* False at the console's end. */
static bool read_console(void)
{
	char data[4096];
	ssize_t i, n = read(console.fd, data, sizeof(data));

	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	for (i = 0; i < n; i++)
		console.kept[console.total++ % CONSOLE_KEPT] = data[i];
	if (options.verbose && !write_all(2, data, n))
		options.verbose = false;
	return true;
}

static char console_at(size_t i)
{
	char c = console.kept[i % CONSOLE_KEPT];

	return c == '\n' || c == '\t' || (unsigned char)c >= ' ' ? c : 0;
}

/* Shows the console's last lines, with what QEMU said among them. */
static void show_console(void)
{
	size_t first = console.total > CONSOLE_KEPT ? console.total - CONSOLE_KEPT : 0;
	size_t i = console.total;
	int lines = 0;
	char c = '\n';

	if (!console.total || options.verbose)
		return;
	while (i > first &&
	       (console_at(i - 1) != '\n' || i == console.total || ++lines < CONSOLE_SHOWN))
		i--;
	restore_terminal();
	say("the end of the machine's console:");
	for (; i < console.total; i++) {
		if (c == '\n')
			fputs("  | ", stderr);
		c = console_at(i);
		if (c)
			fputc(c, stderr);
	}
	if (c != '\n')
		fputc('\n', stderr);
}

#define fail_with_console(status, ...)                                                             \
	do {                                                                                       \
		say(__VA_ARGS__);                                                                  \
		show_console();                                                                    \
		finish(status);                                                                    \
	} while (0)

/* --------------------------------------------------------- guest to host */

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
	file_mode = 0600 | (mode & 0777);
	snprintf(partial, sizeof(partial), "%s/.lab-%d.partial", options.out_dir, (int)getpid());
	unlink(partial);
	file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode);
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
	struct frame *head = &from_guest.frame.head;
	char *payload = from_guest.frame.payload;
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
	from_guest.have = from_guest.done = 0;
}

static bool is_whole(const struct transfer *t)
{
	return t->have >= sizeof(t->frame.head) &&
	       t->have == sizeof(t->frame.head) + t->frame.head.length;
}

/* Where the frame that is here has to be written; -1: there is none. */
static int output_fd(void)
{
	if (!is_whole(&from_guest))
		return -1;
	return from_guest.frame.head.type == FRAME_STDERR ? 2 : 1;
}

/* Never more than a pipe takes without blocking, once poll says it may. */
static void pump_output(void)
{
	size_t left = from_guest.frame.head.length - from_guest.done;
	int fd = output_fd();
	ssize_t n = 0;

	if (left)
		n = write(fd, from_guest.frame.payload + from_guest.done,
			  left < PIPE_BUF ? left : PIPE_BUF);
	if (n < 0 && errno == EPIPE)
		finish(128 + SIGPIPE); /* as if the program had been running here */
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail(EXIT_LAB, "cannot write the program's output: %s", strerror(errno));
	if (n > 0)
		from_guest.done += n;
	if (from_guest.done == from_guest.frame.head.length)
		from_guest.have = from_guest.done = 0;
}

static void machine_is_gone(void)
{
	while (read_console())
		;
	fail_with_console(EXIT_LAB, "the machine stopped before the program had ended");
}

static void receive(void)
{
	size_t want = sizeof(struct frame);
	ssize_t n;

	if (from_guest.have >= want)
		want += from_guest.frame.head.length;
	n = read(port, (char *)&from_guest.frame + from_guest.have, want - from_guest.have);
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		machine_is_gone();
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		fail(EXIT_LAB, "cannot read from QEMU: %s", strerror(errno));
	if (n > 0)
		from_guest.have += n;
	if (from_guest.have == sizeof(struct frame) && from_guest.frame.head.length > FRAME_MAX)
		fail_with_console(EXIT_LAB, "the machine sent a frame of %u bytes",
				  from_guest.frame.head.length);
	if (is_whole(&from_guest))
		act_on_frame();
}

/* --------------------------------------------------------- host to guest */

static void queue_frame(enum frame_type type, size_t length)
{
	to_guest.frame.head.type = type;
	to_guest.frame.head.length = length;
	to_guest.have = sizeof(struct frame) + length;
	to_guest.done = 0;
}

static void read_stdin(void)
{
	ssize_t n = read(0, to_guest.frame.payload, FRAME_MAX);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		stdin_open = false;
		n = 0;
	}
	if (options.shell && memchr(to_guest.frame.payload, ESCAPE_KEY, n)) {
		say("left with Ctrl-]");
		finish(0);
	}
	queue_frame(FRAME_STDIN, n);
}

static void queue_window(void)
{
	struct winsize size;

	window_changed = 0;
	if (ioctl(0, TIOCGWINSZ, &size) < 0)
		return;
	memcpy(to_guest.frame.payload, &size, sizeof(size));
	queue_frame(FRAME_WINDOW, sizeof(size));
}

static void send_to_guest(void)
{
	ssize_t n = send(port, (char *)&to_guest.frame + to_guest.done,
			 to_guest.have - to_guest.done, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0)
		to_guest.done += n;
	if (to_guest.done == to_guest.have)
		to_guest.have = to_guest.done = 0;
}

/* ----------------------------------------------------------------- QEMU */

__attribute__((format(printf, 1, 2))) static void add_argument(const char *format, ...)
{
	va_list args;

	if (options.qemu_count == MAX_FILES - 1)
		fail(EXIT_LAB, "too many arguments for QEMU");
	va_start(args, format);
	if (vasprintf(&options.qemu[options.qemu_count++], format, args) < 0)
		fail(EXIT_LAB, "out of memory");
	va_end(args);
}

static void exec_qemu(int port_fd, int console_fd, int initramfs, pid_t parent)
{
	sigset_t none;
	int fd, null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setsid(); /* the terminal's Ctrl-C is for labrun */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	for (fd = 0; fd < 3; fd++)
		dup2(fd ? console_fd : null, fd);
	fcntl(port_fd, F_SETFD, 0);
	fcntl(console_fd, F_SETFD, 0);
	fcntl(initramfs, F_SETFD, 0);
	execvp(options.qemu[0], options.qemu);
	dprintf(2, "cannot run %s: %s\n", options.qemu[0], strerror(errno));
	_exit(1);
}

static void start_qemu(void)
{
	int port_pair[2], console_pair[2], initramfs = make_initramfs(&options);
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, port_pair) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, console_pair) < 0)
		fail(EXIT_LAB, "cannot make a socket: %s", strerror(errno));
	add_argument("-initrd");
	add_argument("/proc/self/fd/%d", initramfs);
	add_argument("-chardev");
	add_argument("socket,id=port,fd=%d", port_pair[1]);
	add_argument("-device");
	add_argument("virtserialport,chardev=port,name=lab,nr=1");
	add_argument("-chardev");
	add_argument("socket,id=console,fd=%d", console_pair[1]);
	add_argument("-serial");
	add_argument("chardev:console");
	options.qemu[options.qemu_count] = NULL;
	qemu = fork();
	if (qemu < 0)
		fail(EXIT_LAB, "cannot start a process: %s", strerror(errno));
	if (!qemu)
		exec_qemu(port_pair[1], console_pair[1], initramfs, parent);
	close(port_pair[1]);
	close(console_pair[1]);
	close(initramfs);
	port = port_pair[0];
	console.fd = console_pair[0];
	fcntl(console.fd, F_SETFL, O_NONBLOCK);
}

/* ------------------------------------------------------------------ run */

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

static void make_terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(0, &terminal) < 0)
		fail(EXIT_LAB, "the shell needs a terminal (to run a program: lab run)");
	raw = terminal;
	cfmakeraw(&raw);
	terminal_is_raw = tcsetattr(0, TCSAFLUSH, &raw) == 0;
	window_changed = 1;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static struct timespec *time_left(double deadline)
{
	static struct timespec left;
	double seconds = deadline - now();

	if (!options.timeout)
		return NULL;
	if (seconds <= 0)
		fail_with_console(EXIT_TIMEOUT,
				  "the time limit of %d s is over: the machine was stopped",
				  options.timeout);
	left.tv_sec = seconds;
	left.tv_nsec = (seconds - left.tv_sec) * 1e9;
	return &left;
}

static void check_signals(void)
{
	if (caught_signal)
		finish(128 + caught_signal);
	if (window_changed && !to_guest.have)
		queue_window();
}

/* Until the machine has said how the program ended; act_on_frame() leaves. */
__attribute__((noreturn)) static void serve(const sigset_t *while_waiting)
{
	double deadline = now() + options.timeout;

	for (;;) {
		int out = output_fd();
		short port_events = (out < 0 ? POLLIN : 0) | (to_guest.have ? POLLOUT : 0);
		struct pollfd fds[] = {
			{.fd = stdin_open && !to_guest.have ? 0 : -1, .events = POLLIN},
			{.fd = port_events ? port : -1, .events = port_events},
			{.fd = console.fd, .events = POLLIN},
			{.fd = out, .events = POLLOUT},
		};

		if (ppoll(fds, 4, time_left(deadline), while_waiting) < 0) {
			if (errno != EINTR)
				fail(EXIT_LAB, "poll: %s", strerror(errno));
			check_signals();
			continue;
		}
		if (fds[3].revents)
			pump_output();
		if (fds[2].revents && !read_console())
			console.fd = -1;
		if (console.total > CONSOLE_FLOOD)
			fail_with_console(EXIT_LAB, "the machine flooded its console");
		if (out < 0 && fds[1].revents & (POLLIN | POLLHUP))
			receive();
		if (fds[1].revents & POLLOUT)
			send_to_guest();
		if (fds[0].revents)
			read_stdin();
		check_signals();
	}
}

/* --------------------------------------------------------- command line */

static void usage(FILE *f)
{
	fputs("usage: labrun --init FILE [--timeout SECONDS] [--icount] [--shell] [--verbose]\n"
	      "              [--put FILE[:NAME]]... [--env K=V]... [--out DIR]\n"
	      "              --qemu=WORD... [--] PROGRAM [ARG...]\n"
	      "The lab script calls this: see tools/lab/lab --help.\n",
	      f);
}

static void add_put(const char *spec)
{
	struct put *put = &options.puts[options.put_count++];
	const char *colon = strrchr(spec, ':'), *slash;
	int i;

	if (options.put_count == MAX_FILES)
		fail(EXIT_USAGE, "more than %d files", MAX_FILES - 1);
	if (colon && access(spec, F_OK) < 0) {
		put->path = strndup(spec, colon - spec);
		put->name = strdup(colon + 1);
	} else {
		slash = strrchr(spec, '/');
		put->path = spec;
		put->name = strdup(slash ? slash + 1 : spec);
	}
	if (!*put->name || strchr(put->name, '/') || strlen(put->name) > NAME_MAX ||
	    !strcmp(put->name, ".") || !strcmp(put->name, ".."))
		fail(EXIT_USAGE, "%s: \"%s\" is no name for a file in /work", spec, put->name);
	for (i = 0; i < options.put_count - 1; i++)
		if (!strcmp(options.puts[i].name, put->name))
			fail(EXIT_USAGE, "%s and %s would both be /work/%s", options.puts[i].path,
			     put->path, put->name);
}

static void add_env(const char *word)
{
	if (options.env_count == MAX_FILES)
		fail(EXIT_USAGE, "more than %d environment variables", MAX_FILES);
	if (!strchr(word, '=') || *word == '=')
		fail(EXIT_USAGE, "--env %s: must be NAME=VALUE", word);
	options.env[options.env_count++] = word;
}

static void set_timeout(const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);

	if (*end || end == word || n < 0 || n > 1000000)
		fail(EXIT_USAGE, "--timeout %s: must be a number of seconds", word);
	options.timeout = n;
}

static void set_option(int option)
{
	switch (option) {
	case 'i':
		options.init = optarg;
		break;
	case 't':
		set_timeout(optarg);
		break;
	case 'c':
		options.icount = true;
		break;
	case 's':
		options.shell = true;
		break;
	case 'v':
		options.verbose = true;
		break;
	case 'p':
		add_put(optarg);
		break;
	case 'e':
		add_env(optarg);
		break;
	case 'o':
		options.out_dir = optarg;
		break;
	case 'q':
		add_argument("%s", optarg);
		break;
	case 'h':
		usage(stdout);
		exit(0);
	default:
		usage(stderr);
		exit(EXIT_USAGE);
	}
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{"init", required_argument, NULL, 'i'},
		{"timeout", required_argument, NULL, 't'},
		{"icount", no_argument, NULL, 'c'},
		{"shell", no_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{"put", required_argument, NULL, 'p'},
		{"env", required_argument, NULL, 'e'},
		{"out", required_argument, NULL, 'o'},
		{"qemu", required_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	options.put_count = 1; /* the program's place */
	options.puts[0].name = "";
	while ((option = getopt_long(argc, argv, "+", known, NULL)) != -1)
		set_option(option);
	if (optind == argc || !options.init || !options.qemu_count) {
		usage(stderr);
		exit(EXIT_USAGE);
	}
	options.argv = argv + optind;
}

/* The program is a file like the others; it is run as ./NAME from /work. */
static void place_program(void)
{
	const char *path = options.argv[0], *slash = strrchr(path, '/');
	int i;

	check_program(path);
	options.puts[0].path = path;
	options.puts[0].name = strdup(slash ? slash + 1 : path);
	for (i = 1; i < options.put_count; i++)
		if (!strcmp(options.puts[i].name, options.puts[0].name))
			fail(EXIT_USAGE, "%s and %s would both be /work/%s", path,
			     options.puts[i].path, options.puts[0].name);
	if (asprintf(&options.argv[0], "./%s", options.puts[0].name) < 0)
		fail(EXIT_LAB, "out of memory");
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
	parse(argc, argv);
	place_program();
	catch_signals(&while_waiting);
	if (options.shell)
		make_terminal_raw();
	stdin_open = !options.icount;
	start_qemu();
	serve(&while_waiting);
}
