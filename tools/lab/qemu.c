/* The machine itself: starts QEMU, with a socket for the port and one for the console. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "labrun.h"

static pid_t qemu;

static void exec_qemu(int port_end, int console_end, int initramfs, pid_t parent)
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
		dup2(fd ? console_end : null, fd);
	fcntl(port_end, F_SETFD, 0);
	fcntl(console_end, F_SETFD, 0);
	fcntl(initramfs, F_SETFD, 0);
	execvp(options.qemu[0], options.qemu);
	dprintf(2, "cannot run %s: %s\n", options.qemu[0], strerror(errno));
	_exit(1);
}

void start_qemu(void)
{
	int port_pair[2], console_pair[2], initramfs = make_initramfs(&options);
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, port_pair) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, console_pair) < 0)
		fail(EXIT_LAB, "cannot make a socket: %s", strerror(errno));
	add_qemu_argument("-initrd");
	add_qemu_argument("/proc/self/fd/%d", initramfs);
	add_qemu_argument("-chardev");
	add_qemu_argument("socket,id=port,fd=%d", port_pair[1]);
	add_qemu_argument("-device");
	add_qemu_argument("virtserialport,chardev=port,name=lab,nr=1");
	add_qemu_argument("-chardev");
	add_qemu_argument("socket,id=console,fd=%d", console_pair[1]);
	add_qemu_argument("-serial");
	add_qemu_argument("chardev:console");
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
	console_fd = console_pair[0];
	fcntl(console_fd, F_SETFL, O_NONBLOCK);
}

void stop_qemu(void)
{
	if (qemu <= 0)
		return;
	kill(qemu, SIGKILL);
	while (waitpid(qemu, NULL, 0) < 0 && errno == EINTR)
		;
}
