/* Runs in the lab: does what its first argument says, for tests/lab-*.t. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "guest: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n < 0)
			die("write");
		data += n;
		length -= n;
	}
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (fd < 0)
		die(path);
	write_all(fd, text, strlen(text));
	close(fd);
}

static int copy(int from, int to)
{
	char data[65536];
	ssize_t n;

	while ((n = read(from, data, sizeof(data))) > 0)
		write_all(to, data, n);
	return n < 0 ? 99 : 0;
}

/* Its arguments and its environment, one a line, in brackets. */
static int words(char **argv, char **envp)
{
	for (; *argv; argv++)
		printf("[%s]\n", *argv);
	for (; *envp; envp++)
		if (!strncmp(*envp, "TEST_", 5))
			printf("{%s}\n", *envp);
	return 0;
}

/* The two outputs take turns. */
static int both(void)
{
	int i;

	for (i = 0; i < 1000; i++) {
		dprintf(1, "out %d\n", i);
		dprintf(2, "err %d\n", i);
	}
	return 0;
}

static int show_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) < 0)
		die(path);
	printf("%o ", st.st_mode & 0777);
	fflush(stdout);
	return copy(fd, 1);
}

/* What another user than root may do to the tree. */
static void show_tree(void)
{
	struct stat st;

	if (stat("/", &st) < 0)
		die("/");
	printf("/ %o\n", st.st_mode & 07777);
}

/* Standard input becomes a large file; others have odd names and kinds. */
static int leave_files(void)
{
	int fd = open("/out/large", O_WRONLY | O_CREAT, 0644);

	if (fd < 0 || copy(0, fd))
		die("/out/large");
	write_file("/out/empty", "", 0644);
	write_file("/out/a name with blanks", "blanks\n", 0644);
	write_file("/out/script", "#!/bin/sh\n", 0755);
	if (mkdir("/out/directory", 0755) < 0 || symlink("/init", "/out/link") < 0)
		die("/out");
	return 5;
}

/* The same where no path leads; and whether one does. */
static int leave_hidden(void)
{
	int fd = openat(3, "hidden", O_WRONLY | O_CREAT, 0640), there = !access("/out", F_OK);

	if (fd < 0)
		die("hidden");
	write_all(fd, "hidden\n", 7);
	close(fd);
	mkdir("/out", 0755);
	write_file("/out/fake", "fake\n", 0644);
	show_tree();
	return there;
}

/* Runs a program, and shows what is in a file then. */
static int run_and_show(const char *path, char **argv)
{
	char text[256];
	int status, fd;
	ssize_t n;
	pid_t child = fork();

	if (!child) {
		execv(argv[0], argv);
		die(argv[0]);
	}
	waitpid(child, &status, 0);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (n < 0)
		die(path);
	write_all(1, text, n);
	return WEXITSTATUS(status);
}

static int leave_child(void)
{
	if (!fork()) {
		for (;;)
			pause();
	}
	puts("parent done");
	return 0;
}

static int show_kernel_log(void)
{
	static char text[1 << 20];
	int n = klogctl(3, text, sizeof(text));

	if (n < 0)
		die("klogctl");
	write_all(1, text, n);
	return 0;
}

static int show_machine(void)
{
	char dir[256];

	printf("dir %s uid %d kvm %s tracefs %s shm %s pid1 %s\n", getcwd(dir, sizeof(dir)),
	       (int)getuid(), access("/dev/kvm", R_OK | W_OK) ? "no" : "yes",
	       access("/sys/kernel/tracing/current_tracer", F_OK) ? "no" : "yes",
	       access("/dev/shm", W_OK) ? "no" : "yes", getppid() == 1 ? "yes" : "no");
	return 0;
}

static int show_clock(void)
{
	struct timespec t;
	int i;

	for (i = 0; i < 5; i++) {
		clock_gettime(CLOCK_MONOTONIC, &t);
		printf("%ld.%09ld\n", (long)t.tv_sec, t.tv_nsec);
	}
	return 0;
}

/* At the time limit. */
static void leave_orderly(int number)
{
	write_file("/out/last-words", number == SIGALRM ? "time\n" : "?\n", 0644);
	_exit(7);
}

/* Is this a terminal, how large, and what comes in until its end? */
static int on_terminal(void)
{
	struct winsize size = {0};
	char line[100];

	ioctl(0, TIOCGWINSZ, &size);
	printf("terminal %d%d%d %dx%d\n", isatty(0), isatty(1), isatty(2),
	       size.ws_row, size.ws_col);
	while (fgets(line, sizeof(line), stdin))
		printf("line %s", line);
	puts("end");
	return 4;
}

static void flood_console(void)
{
	static char line[1001];
	int fd = open("/dev/console", O_WRONLY);

	if (fd < 0)
		die("/dev/console");
	memset(line, 'x', 1000);
	line[999] = '\n';
	for (;;)
		write_all(fd, line, 1000);
}

static void flood_stdout(void)
{
	for (;;)
		write_all(1, "y\n", 2);
}

int main(int argc, char **argv, char **envp)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *arg = argc > 2 ? argv[2] : "";

	if (!strcmp(what, "exit"))
		return atoi(arg);
	if (!strcmp(what, "signal"))
		return kill(getpid(), atoi(arg));
	if (!strcmp(what, "cat"))
		return copy(0, 1);
	if (!strcmp(what, "words"))
		return words(argv, envp);
	if (!strcmp(what, "both"))
		return both();
	if (!strcmp(what, "show"))
		return show_file(arg);
	if (!strcmp(what, "leave-files"))
		return leave_files();
	if (!strcmp(what, "leave-hidden"))
		return leave_hidden();
	if (!strcmp(what, "run-and-show") && argc > 3)
		return run_and_show(arg, argv + 3);
	if (!strcmp(what, "leave-child"))
		return leave_child();
	if (!strcmp(what, "dmesg"))
		return show_kernel_log();
	if (!strcmp(what, "machine"))
		return show_machine();
	if (!strcmp(what, "clock"))
		return show_clock();
	if (!strcmp(what, "flood-console"))
		flood_console();
	if (!strcmp(what, "flood-stdout"))
		flood_stdout();
	if (!strcmp(what, "panic"))
		write_file("/proc/sysrq-trigger", "c", 0644);
	if (!strcmp(what, "power-off"))
		reboot(RB_POWER_OFF);
	if (!strcmp(what, "hang-deaf")) {
		signal(SIGALRM, SIG_IGN);
		what = "hang";
	}
	if (!strcmp(what, "hang-orderly")) {
		signal(SIGALRM, leave_orderly);
		what = "hang";
	}
	if (!strcmp(what, "terminal"))
		return on_terminal();
	if (!strcmp(what, "hang")) {
		puts("hanging");
		fflush(stdout);
		for (;;)
			pause();
	}
	return 98;
}
