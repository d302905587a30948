// SPDX-License-Identifier: MIT
/*
 * Runs a program under the kernel's function-graph tracer.
 *
 * Everything happens in a tracing instance of its own, so that other users
 * of the tracer are not disturbed.  One thing cannot be private: Linux 6.18
 * has a single set of funcgraph-* options for all instances.  They are put
 * back at the end; and since a recorder can be killed with SIGKILL, their
 * old values are part of the instance's name, where the next recorder
 * finds them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <tracefs.h>
#include <unistd.h>

#include "kvt.h"

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

struct recorder {
	struct tracefs_instance *instance;
	const char *dir;		/* where the raw recording goes */
	long buffer_kb;
	pid_t child;
	int *fd;			/* trace_pipe_raw of each CPU */
	FILE **page_file;
	int cpus;
	bool args, retval;
	struct tracefs_dynevent *user;	/* where the program made a call */
};

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

/* --- the event that tells where in the program a call was made ------ */

/*
 * At the entry of each system call: the user's link register, and the
 * return addresses of four frames further up.  A call like ioctl() keeps
 * no frame in the C library, so the first is its place in the program;
 * close() and others, where a thread can be cancelled, keep up to three.
 * The registers are at their offsets in pt_regs; in user memory a frame
 * begins with the address of the next, and its return address follows.
 */
#define FRAME "+232($arg1)"
static const char user_event[] =
	"lr=+240($arg1):x64 ra1=+u8(" FRAME "):x64"
	" ra2=+u8(+u0(" FRAME ")):x64 ra3=+u8(+u0(+u0(" FRAME "))):x64"
	" ra4=+u8(+u0(+u0(+u0(" FRAME ")))):x64";

/* Makes the event; a kernel without kprobes goes without. */
static void create_user_event(struct recorder *r)
{
	char *name = xasprintf("user_%d", getpid()), *file, *format, *path;

	r->user = tracefs_kprobe_alloc("kvt", name, "do_el0_svc", user_event);
	if (r->user && tracefs_dynevent_create(r->user)) {
		tracefs_dynevent_free(r->user);
		r->user = NULL;
	}
	if (r->user) {
		file = xasprintf("events/kvt/%s/format", name);
		format = tracefs_instance_file_read(NULL, file, NULL);
		path = xasprintf("%s/user.txt", r->dir);
		if (format)
			write_file(path, format, strlen(format));
		free(path);
		free(format);
		free(file);
	}
	free(name);
}

static void enable_user_event(struct recorder *r)
{
	char *file = xasprintf("events/kvt/user_%d/enable", getpid());

	if (r->user)
		set(r, file, "1");
	free(file);
}

static void destroy_user_event(struct recorder *r)
{
	if (!r->user)
		return;
	if (tracefs_dynevent_destroy(r->user, true))
		warn("cannot remove the event kvt/user_%d: %s", getpid(),
		     strerror(errno));
	tracefs_dynevent_free(r->user);
	r->user = NULL;
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
		if (event && sscanf(event, "user_%ld", &pid) == 1 &&
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
	name = xasprintf("kvt-%d-%s", getpid(), value);
	r->instance = tracefs_instance_create(name);
	if (!r->instance)
		die(KVT_FAILED, "cannot make a tracing instance: %s\n"
		    "Is this root, with tracefs mounted on"
		    " /sys/kernel/tracing?", strerror(errno));
	free(name);
	active = r;
}

/* Stops tracing, restores what is shared, removes the instance. */
static void clean_up(void)
{
	struct recorder *r = active;
	char value[SHARED + 1];
	const char *name;
	long pid;

	active = NULL;
	if (!r || !r->instance)
		return;
	if (r->child > 0)
		kill(r->child, SIGKILL);
	for (int i = 0; i < r->cpus; i++)
		close(r->fd[i]);
	r->cpus = 0;
	tracefs_trace_off(r->instance);
	tracefs_instance_file_write(r->instance, "current_tracer", "nop");
	name = tracefs_instance_get_name(r->instance);
	if (sscanf(name, "kvt-%ld-%4[01-]", &pid, value) == 2)
		for (int i = 0; i < SHARED; i++)
			shared_set(i, value[i]);
	if (tracefs_instance_destroy(r->instance))
		warn("cannot remove the tracing instance %s: %s", name,
		     strerror(errno));
	tracefs_instance_free(r->instance);
	r->instance = NULL;
	destroy_user_event(r);
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

static void set_up(struct recorder *r, const char *functions)
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
	snprintf(text, sizeof(text), "%d", r->child);
	set(r, "set_ftrace_pid", text);
	set(r, "set_event_pid", text);
	/* The tracer looks at the shared options when it starts. */
	for (int i = 0; i < SHARED; i++)
		shared_set(i, shared[i].wanted);
	set(r, "current_tracer", "function_graph");
	r->args = shared_get(0) == '1';
	r->retval = shared_get(1) == '1';
	enable_user_event(r);
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
		char *path = xasprintf("%s/cpu%d.raw", r->dir, i);
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
			fwrite(page, 1, n, r->page_file[i]);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die(KVT_FAILED, "reading the trace of CPU %d: %s", i,
			    strerror(errno));
	}
}

/* Waits for the program, emptying the buffers when they are half full. */
static int run(struct recorder *r, int go)
{
	struct pollfd *p = xcalloc(r->cpus + 1, sizeof(*p));
	int pidfd = syscall(SYS_pidfd_open, r->child, 0);
	int status;

	if (pidfd < 0)
		die(KVT_FAILED, "pidfd_open: %s", strerror(errno));
	for (int i = 0; i < r->cpus; i++)
		p[i] = (struct pollfd){ .fd = r->fd[i], .events = POLLIN };
	p[r->cpus] = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	tracefs_trace_on(r->instance);
	if (write(go, "", 1) != 1)
		die(KVT_FAILED, "cannot start the program: %s",
		    strerror(errno));
	close(go);
	while (!(p[r->cpus].revents & POLLIN)) {
		if (poll(p, r->cpus + 1, 1000) < 0 && errno != EINTR)
			die(KVT_FAILED, "poll: %s", strerror(errno));
		if (interrupted)
			kill(r->child, interrupted);
		interrupted = 0;
		for (int i = 0; i < r->cpus; i++)
			if (p[i].revents & POLLIN)
				drain(r);
	}
	if (waitpid(r->child, &status, 0) < 0)
		die(KVT_FAILED, "waitpid: %s", strerror(errno));
	r->child = 0;
	tracefs_trace_off(r->instance);
	drain(r);
	close(pidfd);
	free(p);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
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

static void write_meta(struct recorder *r, const char *program, int status)
{
	char *path = xasprintf("%s/meta", r->dir), *midr;
	FILE *f = open_file(path, "we");
	unsigned long long lost = 0;
	const char *base = strrchr(program, '/');
	struct utsname u;

	uname(&u);
	for (int i = 0; i < r->cpus; i++)
		lost += cpu_lost(r, i);
	midr = read_file_if("/sys/devices/system/cpu/cpu0/regs/"
			    "identification/midr_el1", NULL);
	if (midr)
		midr[strcspn(midr, "\n")] = '\0';
	fprintf(f, "release %s\nmachine %s\nmode %s\ncpu %s\n", u.release,
		u.machine, kvm_mode(), midr ? midr : "unknown");
	fprintf(f, "program %s\nstatus %d\nlost %llu\n",
		base ? base + 1 : program, status, lost);
	fprintf(f, "features%s%s%s\n", r->args ? " args" : "",
		r->retval ? " retval" : "", r->user ? " lines" : "");
	close_file(f, path);
	free(midr);
	free(path);
}

static int record_raw(struct recorder *r, const char *functions, char **argv)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int go, status;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	atexit(clean_up);
	clean_stale();
	create_instance(r);
	create_user_event(r);
	r->child = fork_waiting(argv, &go);
	set_up(r, functions);
	open_buffers(r);
	status = run(r, go);
	for (int i = 0; i < r->cpus; i++)
		close_file(r->page_file[i], "the recording");
	write_meta(r, argv[0], status);
	clean_up();
	free(r->page_file);
	free(r->fd);
	return status;
}

/* --- the command ---------------------------------------------------- */

static const char record_help[] =
"usage: kvt record [-o FILE] [OPTION]... -- PROGRAM [ARGUMENT]...\n"
"\n"
"Runs PROGRAM and writes a capture of the KVM functions that its system\n"
"calls wake in the kernel.  Needs root, and an arm64 kernel with the\n"
"function-graph tracer.  Exits with the program's own status.\n"
"\n"
"  -o, --output FILE    the capture (default: PROGRAM.kvt)\n"
"  --symbols TSV        the index of KVM's functions, from `kvt index`\n"
"                       (default: $KVT_SYMBOLS)\n"
"  --source FILE        a source file of PROGRAM, to be named in the\n"
"                       capture with its hash; may be repeated\n"
"  --times FILE         also write when and on which CPU each call ran\n"
"  --buffer KIB         trace buffer of each CPU (default: 8192)\n"
"  --raw DIR            only record, into DIR; `kvt import` makes the\n"
"                       capture, on this machine or another\n"
"  --functions TSV      with --raw: functions.tsv of `kvt facts`\n"
"\n"
"Events that the kernel had to drop make the recording fail (exit 4):\n"
"give it a larger --buffer.\n";

enum { OPT_SYMBOLS = 256, OPT_SOURCE, OPT_TIMES, OPT_BUFFER, OPT_RAW,
       OPT_FUNCTIONS };

static const struct option record_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "symbols", required_argument, NULL, OPT_SYMBOLS },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "times", required_argument, NULL, OPT_TIMES },
	{ "buffer", required_argument, NULL, OPT_BUFFER },
	{ "raw", required_argument, NULL, OPT_RAW },
	{ "functions", required_argument, NULL, OPT_FUNCTIONS },
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
	const char *base = strrchr(argv[0], '/');
	int status, failed;

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
	im->program = argv[0];
	if (!im->out)
		im->out = out = xasprintf("%s.kvt",
					  base ? base + 1 : argv[0]);
	failed = import_recording(im);
	free(out);
	free(functions);
	return failed ? failed : status;
}

int cmd_record(int argc, char **argv)
{
	const char *symbols = getenv("KVT_SYMBOLS"), *functions = NULL;
	struct recorder r = { .buffer_kb = 8192 };
	struct import im = { .source = xcalloc(argc, sizeof(char *)) };
	int opt, status;

	while ((opt = getopt_long(argc, argv, "+o:h", record_options,
				  NULL)) >= 0)
		switch (opt) {
		case 'o':
			im.out = optarg;
			break;
		case OPT_SYMBOLS:
			symbols = optarg;
			break;
		case OPT_SOURCE:
			im.source[im.sources++] = optarg;
			break;
		case OPT_TIMES:
			im.times = optarg;
			break;
		case OPT_BUFFER:
			r.buffer_kb = parse_number("--buffer", optarg, 64,
						   4 << 20);
			break;
		case OPT_RAW:
			r.dir = optarg;
			break;
		case OPT_FUNCTIONS:
			functions = optarg;
			break;
		case 'h':
			fputs(record_help, stdout);
			return KVT_OK;
		default:
			return KVT_USAGE;
		}
	if (optind >= argc)
		die(KVT_USAGE, "which program? See 'kvt record --help'");
	if (!r.dir != !functions)
		die(KVT_USAGE, "--raw and --functions go together");
	status = r.dir ? record_raw(&r, functions, argv + optind)
		       : record_here(&r, &im, symbols, argv + optind);
	free(im.source);
	return status;
}
