// SPDX-License-Identifier: MIT
/*
 * Runs a program, or follows one that runs, under the kernel's
 * function-graph tracer.
 *
 * Everything happens in a tracing instance of its own, so that other users
 * of the tracer are not disturbed.  One thing cannot be private: Linux 6.18
 * has a single set of funcgraph-* options for all instances.  They are put
 * back at the end; and since a recorder can be killed with SIGKILL, their
 * old values are part of the instance's name, where the next recorder
 * finds them.
 *
 * That tracer records either what a function was given or who called it.
 * For both there is a second instance, with the plain function tracer: it
 * sees the same calls in the same order, with the address of each caller.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "commands.h"
#include "import/import.h"
#include "kernel/facts.h"
#include "record/attach.h"

/* The shared options, and what a recording needs them to be. */
static const struct {
	const char *name;
	char wanted;
} shared[] = {
	{ "options/funcgraph-args", '1' },
	{ "options/funcgraph-retval", '1' },
	{ "options/funcgraph-retaddr", '0' },
	{ "options/funcgraph-irqs", '0' },
};
enum { SHARED = sizeof(shared) / sizeof(*shared) };

/* Events that exist only while a recording runs; see own_events. */
enum { EVENT_USER, EVENT_DATA, OWN_EVENTS };

struct recorder {
	struct tracefs_instance *instance;
	struct recorder *sites;		/* the second instance, or NULL */
	const char *pages;		/* what its page files are called */
	const char *dir;		/* where the raw recording goes */
	long buffer_kb;
	pid_t child;
	int *fd;			/* trace_pipe_raw of each CPU */
	FILE **page_file;
	int cpus;
	bool args, retval;
	struct tracefs_dynevent *event[OWN_EVENTS];	/* or NULL */
	char *program;
	pid_t pid;			/* of one that runs already, or 0 */
	long duration_ms;		/* when to stop; 0: no such limit */
	unsigned long long max_size;	/* bytes to stop at; 0: no limit */
	unsigned long long written;	/* bytes */
	const char *stopped;		/* by what, before the program ended */
};

enum { STILL_RUNNING = -1 };	/* in place of an exit status */

/* For the clean-up at exit and after a signal. */
static struct recorder *active;
static volatile sig_atomic_t interrupted;

static void set(struct recorder *r, const char *file, const char *value)
{
	if (tracefs_instance_file_write(r->instance, file, value) < 0)
		die(KVT_FAILED, "cannot write '%s' to %s: %s", value, file,
		    strerror(errno));
}

/* --- the options all instances share -------------------------------- */

/* An option's value, '0' or '1'; '-' where the kernel lacks it. */
static char shared_get(int i)
{
	char *text = tracefs_instance_file_read(NULL, shared[i].name, NULL);
	char value = text ? text[0] : '-';

	free(text);
	return value;
}

static void shared_set(int i, char value)
{
	char text[2] = { value };

	if (value != '-' && shared_get(i) != value)
		tracefs_instance_file_write(NULL, shared[i].name, text);
}

/* --- instances: ours, and those of recorders that were killed ------- */

static bool is_running_kvt(long pid)
{
	char *path = xasprintf("/proc/%ld/comm", pid);
	char *comm = read_file_if(path, NULL);
	bool yes = comm && !strncmp(comm, "kvt", 3);

	free(comm);
	free(path);
	return yes;
}

static void destroy_stale(const char *name)
{
	struct tracefs_instance *old = tracefs_instance_create(name);

	if (!old)
		return;
	tracefs_trace_off(old);
	tracefs_instance_file_write(old, "current_tracer", "nop");
	if (tracefs_instance_destroy(old) == 0)
		warn("removed the instance %s of a recorder that was killed",
		     name);
	tracefs_instance_free(old);
}

/* --- the events of our own ------------------------------------------ */

/*
 * At the entry of each system call: where the program's registers are, which
 * is the top of the thread's kernel stack; the user's link register, and the
 * return addresses of four frames further up.  A call like ioctl() keeps
 * no frame in the C library, so the first is its place in the program;
 * close() and others, where a thread can be cancelled, keep up to three.
 * The registers are at their offsets in pt_regs; in user memory a frame
 * begins with the address of the next, and its return address follows.
 *
 * Where user memory cannot be read, the kernel leaves in the record what
 * happened to be there; but of a string it tells the length, and that is 0
 * then and at least 1 (for the end of the string) otherwise.  So what is at
 * each of the places is fetched as a string, too.
 */
#define FRAME "+232($arg1)"
static const char user_event[] =
	"sp=$arg1:x64 lr=+240($arg1):x64 ra1=+u8(" FRAME "):x64"
	" ra2=+u8(+u0(" FRAME ")):x64 ra3=+u8(+u0(+u0(" FRAME "))):x64"
	" ra4=+u8(+u0(+u0(+u0(" FRAME ")))):x64"
	" c1=+u8(" FRAME "):ustring c2=+u8(+u0(" FRAME ")):ustring"
	" c3=+u8(+u0(+u0(" FRAME "))):ustring"
	" c4=+u8(+u0(+u0(+u0(" FRAME ")))):ustring";

/*
 * At the entry of each ioctl: what its argument points to.  The first byte
 * of the words, and the last of their halves, are fetched as strings, too:
 * bytes between two readable ones less than a page apart are readable.
 */
#define POINTER "(+16($arg1))"
static const char data_event[] =
	"nr=+64($arg1):u64 w0=+u0" POINTER ":x64 w1=+u8" POINTER ":x64"
	" w2=+u16" POINTER ":x64 w3=+u24" POINTER ":x64 w4=+u32" POINTER ":x64"
	" w5=+u40" POINTER ":x64 w6=+u48" POINTER ":x64 w7=+u56" POINTER ":x64"
	" c0=+u0" POINTER ":ustring c31=+u31" POINTER ":ustring c63=+u63" POINTER ":ustring";

static const struct {
	const char *name, *fetch;
} own_events[OWN_EVENTS] = {
	[EVENT_USER] = { "user", user_event },
	[EVENT_DATA] = { "data", data_event },
};

static char *own_event_file(int i, const char *file)
{
	return xasprintf("events/kvt/%s_%d/%s", own_events[i].name, getpid(),
			 file);
}

/* Keeps the format of an event, which no facts can have. */
static void save_format(struct recorder *r, int i)
{
	char *file = own_event_file(i, "format");
	char *format = tracefs_instance_file_read(NULL, file, NULL);
	char *path = xasprintf("%s/%s.txt", r->dir, own_events[i].name);

	if (format)
		write_file(path, format, strlen(format));
	free(path);
	free(format);
	free(file);
}

/* Makes the events; a kernel without kprobes goes without. */
static void create_own_events(struct recorder *r)
{
	for (int i = 0; i < OWN_EVENTS; i++) {
		char *name = xasprintf("%s_%d", own_events[i].name, getpid());

		r->event[i] = tracefs_kprobe_alloc("kvt", name, "do_el0_svc",
						   own_events[i].fetch);
		if (r->event[i] && tracefs_dynevent_create(r->event[i])) {
			tracefs_dynevent_free(r->event[i]);
			r->event[i] = NULL;
		}
		if (r->event[i])
			save_format(r, i);
		free(name);
	}
}

static void enable_own_events(struct recorder *r)
{
	char *filter = xasprintf("nr == %d", SYS_ioctl);
	char *file = own_event_file(EVENT_DATA, "filter");

	if (r->event[EVENT_DATA])
		set(r, file, filter);
	free(file);
	free(filter);
	for (int i = 0; i < OWN_EVENTS; i++) {
		file = own_event_file(i, "enable");
		if (r->event[i])
			set(r, file, "1");
		free(file);
	}
}

static void destroy_own_events(struct recorder *r)
{
	for (int i = 0; i < OWN_EVENTS; i++) {
		if (!r->event[i])
			continue;
		if (tracefs_dynevent_destroy(r->event[i], true))
			warn("cannot remove the event kvt/%s_%d: %s",
			     own_events[i].name, getpid(), strerror(errno));
		tracefs_dynevent_free(r->event[i]);
		r->event[i] = NULL;
	}
}

/* Removes the events of recorders that were killed. */
static void clean_stale_events(void)
{
	struct tracefs_dynevent **all =
		tracefs_dynevent_get_all(TRACEFS_DYNEVENT_KPROBE, "kvt");

	for (int i = 0; all && all[i]; i++) {
		char *event = NULL;
		long pid;

		tracefs_dynevent_info(all[i], NULL, &event, NULL, NULL, NULL);
		if (event && sscanf(event, "%*[a-z]_%ld", &pid) == 1 &&
		    !is_running_kvt(pid))
			tracefs_dynevent_destroy(all[i], true);
		free(event);
	}
	tracefs_dynevent_list_free(all);
}

/* Undoes what killed recorders left behind. */
static void clean_stale(void)
{
	char *path = tracefs_get_tracing_file("instances");
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *d;

	while (dir && (d = readdir(dir))) {
		char value[SHARED + 1];
		long pid;

		if (sscanf(d->d_name, "kvt-%ld-%4[01-]", &pid, value) != 2 ||
		    strlen(value) != SHARED || is_running_kvt(pid))
			continue;
		for (int i = 0; i < SHARED; i++)
			shared_set(i, value[i]);
		destroy_stale(d->d_name);
	}
	if (dir)
		closedir(dir);
	tracefs_put_tracing_file(path);
	clean_stale_events();
}

static void create_instance(struct recorder *r)
{
	char value[SHARED + 1] = "", *name;

	for (int i = 0; i < SHARED; i++)
		value[i] = shared_get(i);
	name = xasprintf("kvt-%d-%s%s", getpid(), value,
			 active ? "-sites" : "");
	r->instance = tracefs_instance_create(name);
	if (!r->instance)
		die(KVT_FAILED, "cannot make a tracing instance: %s\n"
		    "Is this root, with tracefs mounted on"
		    " /sys/kernel/tracing?", strerror(errno));
	free(name);
	if (!active)
		active = r;
	if (r->sites)
		create_instance(r->sites);
}

/* Stops tracing and removes the instance. */
static void remove_instance(struct recorder *r)
{
	const char *name = tracefs_instance_get_name(r->instance);

	for (int i = 0; i < r->cpus; i++)
		close(r->fd[i]);
	r->cpus = 0;
	tracefs_trace_off(r->instance);
	tracefs_instance_file_write(r->instance, "current_tracer", "nop");
	if (tracefs_instance_destroy(r->instance))
		warn("cannot remove the tracing instance %s: %s", name,
		     strerror(errno));
	tracefs_instance_free(r->instance);
	r->instance = NULL;
}

/* Stops tracing, restores what is shared, removes the instances. */
static void clean_up(void)
{
	struct recorder *r = active;
	char value[SHARED + 1];
	long pid;

	active = NULL;
	if (!r || !r->instance)
		return;
	if (r->child > 0 && !r->stopped)
		kill(r->child, SIGKILL);
	if (r->sites && r->sites->instance)
		remove_instance(r->sites);
	/* The tracer must be off when the options go back. */
	tracefs_trace_off(r->instance);
	tracefs_instance_file_write(r->instance, "current_tracer", "nop");
	if (sscanf(tracefs_instance_get_name(r->instance),
		   "kvt-%ld-%4[01-]", &pid, value) == 2)
		for (int i = 0; i < SHARED; i++)
			shared_set(i, value[i]);
	remove_instance(r);
	destroy_own_events(r);
}

static void on_signal(int sig)
{
	interrupted = sig;
}

/* --- setting the tracer up ------------------------------------------ */

/*
 * By number, because the kernel finds a name by walking all of its
 * functions and a number at once.  It takes one number a write.
 */
static void set_filter(struct recorder *r, const char *functions)
{
	int fd = tracefs_instance_file_open(r->instance, "set_ftrace_filter",
					    O_WRONLY | O_TRUNC);
	size_t count;
	struct function *f = functions_load(functions, &count);

	if (fd < 0)
		die(KVT_FAILED, "set_ftrace_filter: %s", strerror(errno));
	for (size_t i = 0; i < count; i++) {
		char text[24];
		int n = snprintf(text, sizeof(text), "%lu ", f[i].number);

		if (write(fd, text, n) != n)
			die(KVT_FAILED, "set_ftrace_filter: function %s,"
			    " number %lu: %s", f[i].name, f[i].number,
			    strerror(errno));
		free(f[i].name);
	}
	free(f);
	if (close(fd))
		die(KVT_FAILED, "set_ftrace_filter: %s", strerror(errno));
}

/* Follows the program's threads, and those that they will start. */
static void set_pids(struct recorder *r)
{
	char *pids = r->pid ? attach_threads(r->pid)
			    : xasprintf("%d", r->child);

	for (char *now; ; pids = now) {
		set(r, "set_ftrace_pid", pids);
		set(r, "set_event_pid", pids);
		/* What was started before the kernel knew its parent. */
		now = r->pid ? attach_threads(r->pid) : xstrdup(pids);
		if (!strcmp(now, pids)) {
			free(pids);
			free(now);
			return;
		}
		free(pids);
	}
}

/* The buffers are read when they are half full; a limit needs a look when
 * they hold an eighth of it. */
static void set_watermark(struct recorder *r)
{
	unsigned long long percent = r->max_size * 100 / 8 /
				     (r->buffer_kb * 1024);
	char text[24];

	if (!r->max_size || percent >= 50)
		return;
	snprintf(text, sizeof(text), "%llu", percent ?: 1);
	set(r, "buffer_percent", text);
}

/* What both instances have in common. */
static void set_up_instance(struct recorder *r, const char *functions)
{
	char text[32];

	tracefs_trace_off(r->instance);
	set(r, "options/overwrite", "0");
	set(r, "options/function-fork", "1");
	set(r, "options/event-fork", "1");
	set(r, "trace_clock", "mono");
	snprintf(text, sizeof(text), "%ld", r->buffer_kb);
	set(r, "buffer_size_kb", text);
	set_filter(r, functions);
	set_watermark(r);
	set_pids(r);
}

static void set_up_sites(struct recorder *r, const char *functions)
{
	if (!r->sites)
		return;
	r->sites->child = r->child;
	set_up_instance(r->sites, functions);
	set(r->sites, "current_tracer", "function");
}

static void set_up(struct recorder *r, const char *functions)
{
	set_up_instance(r, functions);
	set_up_sites(r, functions);
	/* The tracer looks at the shared options when it starts. */
	for (int i = 0; i < SHARED; i++)
		shared_set(i, shared[i].wanted);
	set(r, "current_tracer", "function_graph");
	r->args = shared_get(0) == '1';
	r->retval = shared_get(1) == '1';
	enable_own_events(r);
	set(r, "events/raw_syscalls/enable", "1");
	set(r, "events/kvm/enable", "1");
}

static void open_buffers(struct recorder *r)
{
	int cpus = sysconf(_SC_NPROCESSORS_CONF);

	r->fd = xcalloc(cpus, sizeof(*r->fd));
	r->page_file = xcalloc(cpus, sizeof(*r->page_file));
	for (int i = 0; i < cpus; i++) {
		char *name = xasprintf("per_cpu/cpu%d/trace_pipe_raw", i);
		char *path = xasprintf("%s/%s%d.raw", r->dir,
				       r->pages, i);
		int fd = tracefs_instance_file_open(r->instance, name,
						    O_RDONLY | O_NONBLOCK);

		if (fd < 0)
			die(KVT_FAILED, "%s: %s", name, strerror(errno));
		r->fd[i] = fd;
		r->page_file[i] = open_file(path, "we");
		r->cpus++;
		free(path);
		free(name);
	}
	if (r->sites)
		open_buffers(r->sites);
}

static void close_pages(struct recorder *r)
{
	for (int i = 0; i < r->cpus; i++)
		close_file(r->page_file[i], "the recording");
	if (r->sites)
		close_pages(r->sites);
}

/* The instance of call sites sees all that the other sees. */
static void trace_on(struct recorder *r)
{
	if (r->sites)
		tracefs_trace_on(r->sites->instance);
	tracefs_trace_on(r->instance);
}

static void trace_off(struct recorder *r)
{
	tracefs_trace_off(r->instance);
	if (r->sites)
		tracefs_trace_off(r->sites->instance);
}

/* --- running -------------------------------------------------------- */

/* Forks a child that waits until its end of the pipe is written to. */
static pid_t fork_waiting(char **argv, int *go)
{
	int pipe_fd[2];
	pid_t pid;
	char c;

	if (pipe2(pipe_fd, O_CLOEXEC))
		die(KVT_FAILED, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die(KVT_FAILED, "fork: %s", strerror(errno));
	if (pid == 0) {
		close(pipe_fd[1]);
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		if (read(pipe_fd[0], &c, 1) != 1)
			_exit(127);
		execvp(argv[0], argv);
		fprintf(stderr, "kvt: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(pipe_fd[0]);
	*go = pipe_fd[1];
	return pid;
}

static void drain(struct recorder *r)
{
	static char page[65536];

	for (int i = 0; i < r->cpus; i++) {
		ssize_t n;

		/* One page a read, whatever the room. */
		while ((n = read(r->fd[i], page, getpagesize())) > 0)
			r->written += fwrite(page, 1, n, r->page_file[i]);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die(KVT_FAILED, "reading the trace of CPU %d: %s", i,
			    strerror(errno));
	}
	/* Its records are shorter, so it is never fuller. */
	if (r->sites)
		drain(r->sites);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A signal is for the program that we started, or ends the recording. */
static void pass_signal(struct recorder *r)
{
	if (interrupted && r->pid)
		r->stopped = "interrupt";
	else if (interrupted && r->child > 0)
		kill(r->child, interrupted);
	interrupted = 0;
}

/*
 * On a CPU that it shares with many threads, the recorder would have as much
 * time as each of them, and fall behind what they all write.  So it goes
 * first while it reads.  Where that is not allowed, a recording may lose
 * events, which import tells.
 */
static void go_first(bool first)
{
	struct sched_param p = { .sched_priority = first ? 1 : 0 };

	sched_setscheduler(0, first ? SCHED_RR : SCHED_OTHER, &p);
}

/* Empties the buffers when they are full enough, until the program ends
 * (true) or a limit is reached. */
static bool follow(struct recorder *r, int pidfd)
{
	struct pollfd *p = xcalloc(r->cpus + 1, sizeof(*p));
	long end = r->duration_ms ? now_ms() + r->duration_ms : 0, left = 1000;
	bool ended;

	go_first(true);
	for (int i = 0; i < r->cpus; i++)
		p[i] = (struct pollfd){ .fd = r->fd[i], .events = POLLIN };
	p[r->cpus] = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	while (!(p[r->cpus].revents & POLLIN) && !r->stopped) {
		if (end && (left = end - now_ms()) <= 0) {
			r->stopped = "duration";
			break;
		}
		if (poll(p, r->cpus + 1, left < 1000 ? left : 1000) < 0 &&
		    errno != EINTR)
			die(KVT_FAILED, "poll: %s", strerror(errno));
		pass_signal(r);
		for (int i = 0; i < r->cpus; i++)
			if (p[i].revents & POLLIN)
				drain(r);
		if (r->max_size && r->written >= r->max_size)
			r->stopped = "max-size";
	}
	go_first(false);
	ended = p[r->cpus].revents & POLLIN;
	if (ended)
		r->stopped = NULL;
	free(p);
	return ended;
}

/* Waits for the child; returns its exit status as shells have it. */
static int wait_for_child(struct recorder *r)
{
	int status;

	while (waitpid(r->child, &status, 0) < 0) {
		if (errno != EINTR)
			die(KVT_FAILED, "waitpid: %s", strerror(errno));
		pass_signal(r);
	}
	r->child = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static void start(struct recorder *r, int go)
{
	trace_on(r);
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
	trace_on(r);
	attach_fds(r->pid, fds);
	close_file(fds, path);
	free(path);
}

/* Records until the program ends, or a limit; GO starts it. */
static int run(struct recorder *r, int go)
{
	int pidfd = syscall(SYS_pidfd_open, r->pid ?: r->child, 0);
	bool ended;

	if (pidfd < 0)
		die(KVT_FAILED, "pidfd_open: %s", strerror(errno));
	if (r->pid)
		attach(r);
	else
		start(r, go);
	ended = follow(r, pidfd);
	trace_off(r);
	drain(r);
	close(pidfd);
	return ended && r->child ? wait_for_child(r) : STILL_RUNNING;
}

/* --- what goes with the pages --------------------------------------- */

/* How KVM uses EL2 on this kernel, from what it said when it started. */
static const char *kvm_mode(void)
{
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *log = xcalloc(1, (size > 0 ? size : 0) + 1);
	const char *mode = "unknown";

	if (size > 0)
		size = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, size);
	if (strstr(log, "Protected hVHE mode initialized") ||
	    strstr(log, "Protected nVHE mode initialized"))
		mode = "protected";
	else if (strstr(log, "VHE mode initialized successfully") &&
		 !strstr(log, "Hyp nVHE mode initialized"))
		mode = "vhe";
	else if (strstr(log, "nVHE mode initialized"))
		mode = "nvhe";
	free(log);
	return mode;
}

static unsigned long long cpu_lost(struct recorder *r, int cpu)
{
	static const char *const lines[] = {
		"overrun: ", "\ncommit overrun: ", "\ndropped events: "
	};
	char *name = xasprintf("per_cpu/cpu%d/stats", cpu);
	char *text = tracefs_instance_file_read(r->instance, name, NULL);
	unsigned long long lost = 0;

	if (!text)
		die(KVT_FAILED, "%s: %s", name, strerror(errno));
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *at = strstr(text, lines[i]);

		lost += at ? strtoull(at + strlen(lines[i]), NULL, 10) : 0;
	}
	free(text);
	free(name);
	return lost;
}

/* How the recording ended, and the program, as far as that is known. */
static void write_end(const struct recorder *r, FILE *f, int status)
{
	const char *base = strrchr(r->program, '/');

	fprintf(f, "program %s\n", base ? base + 1 : r->program);
	if (status >= 0)
		fprintf(f, "status %d\n", status);
	else
		fprintf(f, "status %s\n", r->stopped ? "running" : "unknown");
	if (r->stopped)
		fprintf(f, "stopped %s\n", r->stopped);
	if (r->pid)
		fputs("attached\n", f);
}

static void write_meta(struct recorder *r, int status)
{
	char *path = xasprintf("%s/meta", r->dir), *midr;
	FILE *f = open_file(path, "we");
	unsigned long long lost = 0;
	struct utsname u;

	uname(&u);
	for (int i = 0; i < r->cpus; i++)
		lost += cpu_lost(r, i) +
			(r->sites ? cpu_lost(r->sites, i) : 0);
	midr = read_file_if("/sys/devices/system/cpu/cpu0/regs/"
			    "identification/midr_el1", NULL);
	if (midr)
		midr[strcspn(midr, "\n")] = '\0';
	fprintf(f, "release %s\nmachine %s\nmode %s\ncpu %s\n", u.release,
		u.machine, kvm_mode(), midr ? midr : "unknown");
	write_end(r, f, status);
	fprintf(f, "lost %llu\n", lost);
	fprintf(f, "features%s%s%s%s%s\n", r->args ? " args" : "",
		r->retval ? " retval" : "",
		r->event[EVENT_USER] ? " lines" : "",
		r->event[EVENT_DATA] ? " data" : "",
		r->sites ? " sites" : "");
	close_file(f, path);
	free(midr);
	free(path);
}

/* A program that goes on is waited for, even if its capture fails. */
static struct recorder *left;

static void wait_for_left(void)
{
	if (left && left->child > 0)
		wait_for_child(left);
	left = NULL;
}

/* Where a limit ended the recording, the program goes on. */
static void say_stopped(struct recorder *r)
{
	if (r->max_size && r->stopped && !strcmp(r->stopped, "max-size"))
		warn("the recording stopped at --max-size, with %llu KiB;"
		     " %s goes on", r->written / 1024, r->program);
	else if (r->stopped && !r->pid)
		warn("the recording stopped at --duration; %s goes on",
		     r->program);
	left = r;
	atexit(wait_for_left);
}

static int record_raw(struct recorder *r, const char *functions, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int go = -1, status;

	if (r->sites) {
		r->sites->dir = r->dir;
		r->sites->buffer_kb = r->buffer_kb;
	}

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	atexit(clean_up);
	clean_stale();
	create_instance(r);
	create_own_events(r);
	if (!r->pid)
		r->child = fork_waiting(argv, &go);
	set_up(r, functions);
	open_buffers(r);
	status = run(r, go);
	close_pages(r);
	write_meta(r, status);
	clean_up();
	say_stopped(r);
	for (; r; r = r->sites) {
		free(r->page_file);
		free(r->fd);
	}
	return status;
}

/* --- the command ---------------------------------------------------- */

static const char record_help[] =
"usage: kvt record [-o FILE] [OPTION]... -- PROGRAM [ARGUMENT]...\n"
"       kvt record [-o FILE] [OPTION]... --pid PID\n"
"\n"
"Runs PROGRAM, or follows the process PID with all its threads, and writes\n"
"a capture of the KVM functions that its system calls wake in the kernel.\n"
"Needs root, and an arm64 kernel with the function-graph tracer.  Exits\n"
"with PROGRAM's own status; with --pid, 0.\n"
"\n"
"  -o, --output FILE    the capture (default: PROGRAM.kvt)\n"
"  --symbols TSV        the index of KVM's functions, from `kvt index`\n"
"                       (default: $KVT_SYMBOLS)\n"
"  --source FILE        a source file of PROGRAM, to be named in the\n"
"                       capture with its hash; may be repeated\n"
"  --times FILE         also write when and on which CPU each call ran\n"
"  --pid PID            follow a process that runs, until it ends or Ctrl-C\n"
"  --duration SECONDS   stop recording then\n"
"  --max-size SIZE      stop recording when it has that many bytes, with the\n"
"                       suffix K, M or G; what the buffers hold goes in\n"
"  --vmlinux FILE       this kernel with debugging information: each call then\n"
"                       says where it was made, inlined functions included\n"
"  --buffer KIB         trace buffer of each CPU (default: 8192)\n"
"  --raw DIR            only record, into DIR; `kvt import` makes the\n"
"                       capture, on this machine or another\n"
"  --functions TSV      with --raw: functions.tsv of `kvt facts`\n"
"  --sites              with --raw: also record where each call was made, for\n"
"                       `kvt import --vmlinux`\n"
"\n"
"The limits end the recording, not the program: kvt writes the capture,\n"
"whose header has a line `stopped`, and waits for PROGRAM.  Events that the\n"
"kernel had to drop make the recording fail (exit 4): give it a larger\n"
"--buffer.\n";

enum { OPT_SYMBOLS = 256, OPT_SOURCE, OPT_TIMES, OPT_BUFFER, OPT_RAW,
       OPT_FUNCTIONS, OPT_PID, OPT_DURATION, OPT_MAX_SIZE, OPT_VMLINUX,
       OPT_SITES };

static const struct option record_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "symbols", required_argument, NULL, OPT_SYMBOLS },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "times", required_argument, NULL, OPT_TIMES },
	{ "buffer", required_argument, NULL, OPT_BUFFER },
	{ "raw", required_argument, NULL, OPT_RAW },
	{ "functions", required_argument, NULL, OPT_FUNCTIONS },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "max-size", required_argument, NULL, OPT_MAX_SIZE },
	{ "vmlinux", required_argument, NULL, OPT_VMLINUX },
	{ "sites", no_argument, NULL, OPT_SITES },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static char *temp_dir;

static void remove_temp_dir(void)
{
	DIR *dir = opendir(temp_dir);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		unlinkat(dirfd(dir), d->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(temp_dir);
}

/* Facts, recording and import in one go, by way of a directory in /tmp. */
static int record_here(struct recorder *r, struct import *im,
		       const char *symbols, char **argv)
{
	char template[] = "/tmp/kvt-XXXXXX", *functions, *out = NULL;
	char *facts_argv[] = { "facts", "--symbols", (char *)symbols,
			       template, NULL };
	const char *base = strrchr(r->program, '/');
	int status;

	if (!symbols)
		die(KVT_USAGE, "which functions are KVM's? Give --symbols"
		    " or set KVT_SYMBOLS");
	if (!mkdtemp(template))
		die(KVT_FAILED, "%s: %s", template, strerror(errno));
	temp_dir = xstrdup(template);
	atexit(remove_temp_dir);
	optind = 0;
	cmd_facts(4, facts_argv);
	functions = xasprintf("%s/functions.tsv", template);
	r->dir = template;
	status = record_raw(r, functions, argv);
	im->facts = im->raw = template;
	im->program = r->program;
	if (!im->out)
		im->out = out = xasprintf("%s.kvt",
					  base ? base + 1 : r->program);
	import_recording(im);
	free(out);
	free(functions);
	return status;
}

/* "0.5" as milliseconds. */
static long parse_seconds(const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 0.001 && s <= 1e6))
		die(KVT_USAGE, "--duration takes a number of seconds up to a"
		    " million, not '%s'", text);
	return s * 1000;
}

/* "64K" as bytes. */
static unsigned long long parse_size(const char *text)
{
	static const char suffix[] = "KMG";
	char *end;
	unsigned long long n;
	const char *unit;

	errno = 0;
	n = strtoull(text, &end, 10);
	unit = *end ? strchr(suffix, *end) : NULL;
	if (errno || end == text || *text == '-' || !n || n >> 33 ||
	    (*end && (!unit || end[1])))
		die(KVT_USAGE, "--max-size takes a number of bytes, or one"
		    " with K, M or G behind it, not '%s'", text);
	return unit ? n << 10 * (unit - suffix + 1) : n;
}

struct record_options {
	struct recorder r, sites;
	struct import im;
	const char *symbols, *functions;
};

/* The options that say how to record; false: not one of them. */
static bool take_how(struct recorder *r, int opt)
{
	switch (opt) {
	case OPT_BUFFER:
		r->buffer_kb = parse_number("--buffer", optarg, 64, 4 << 20);
		return true;
	case OPT_PID:
		r->pid = parse_number("--pid", optarg, 1, 1 << 22);
		return true;
	case OPT_DURATION:
		r->duration_ms = parse_seconds(optarg);
		return true;
	case OPT_MAX_SIZE:
		r->max_size = parse_size(optarg);
		return true;
	}
	return false;
}

static bool take(struct record_options *o, int opt)
{
	switch (opt) {
	case 'o':
		o->im.out = optarg;
		return true;
	case OPT_SYMBOLS:
		o->symbols = optarg;
		return true;
	case OPT_SOURCE:
		o->im.source[o->im.sources++] = optarg;
		return true;
	case OPT_TIMES:
		o->im.times = optarg;
		return true;
	case OPT_RAW:
		o->r.dir = optarg;
		return true;
	case OPT_FUNCTIONS:
		o->functions = optarg;
		return true;
	case OPT_VMLINUX:
		o->im.vmlinux = optarg;
		o->r.sites = &o->sites;
		return true;
	case OPT_SITES:
		o->r.sites = &o->sites;
		return true;
	}
	return take_how(&o->r, opt);
}

static void check(const struct record_options *o, int arguments)
{
	if (o->r.pid && arguments)
		die(KVT_USAGE, "--pid follows a process that runs: leave out"
		    " PROGRAM");
	if (!o->r.pid && !arguments)
		die(KVT_USAGE, "which program? See 'kvt record --help'");
	if (!o->r.dir != !o->functions)
		die(KVT_USAGE, "--raw and --functions go together");
	if (o->r.sites && !o->r.dir != !!o->im.vmlinux)
		die(KVT_USAGE, "--sites goes with --raw, and --vmlinux with a"
		    " capture made here");
	/* The two instances must begin with the same call. */
	if (o->r.sites && o->r.pid)
		die(KVT_USAGE, "--sites and --vmlinux need a program that kvt"
		    " starts, and no --pid");
}

int cmd_record(int argc, char **argv)
{
	struct record_options o = {
		.r.buffer_kb = 8192,
		.r.pages = "cpu",
		.sites.pages = "sites",
		.im.source = xcalloc(argc, sizeof(char *)),
		.symbols = getenv("KVT_SYMBOLS"),
	};
	struct recorder *r = &o.r;
	int opt, status;

	while ((opt = getopt_long(argc, argv, "+o:h", record_options,
				  NULL)) >= 0) {
		if (opt != 'h' && take(&o, opt))
			continue;
		fputs(opt == 'h' ? record_help : "", stdout);
		return opt == 'h' ? KVT_OK : KVT_USAGE;
	}
	argv += optind;
	check(&o, argc - optind);
	r->program = r->pid ? attach_program(r->pid) : xstrdup(argv[0]);
	status = r->dir ? record_raw(r, o.functions, argv)
			: record_here(r, &o.im, o.symbols, argv);
	if (status == STILL_RUNNING)
		status = r->pid ? KVT_OK : wait_for_child(r);
	left = NULL;
	free(r->program);
	free(o.im.source);
	return status;
}
