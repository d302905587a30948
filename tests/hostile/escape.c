/*
 * Tries every way out of what a submission may do, and prints those that it
 * found: a file that it can open, a system call that the kernel looked at.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

static int found;

static void say(const char *what, const char *of)
{
	printf("%s %s\n", what, of);
	found++;
}

/* Denied: EPERM, or as if the kernel did not have it. */
static void try(const char *name, long result)
{
	if (result >= 0 || (errno != EPERM && errno != ENOSYS))
		say("the kernel looks at", name);
}

#define TRY(name, ...) try(#name, syscall(SYS_##name, __VA_ARGS__))
/* With arguments that nothing is done with, should it come to that. */
#define TRY_ANY(name) TRY(name, -1, -1, -1, -1, -1, -1)

static void try_files(void)
{
	static const char *const places[] = {
		"/x", "/sbin/modprobe", "/bin/x", "/etc/x", "/lib/x",
		"/tmp/x", "/run/x", "/out/x", "/out/meta", "/work/x", "x",
		"/dev/x", "/dev/shm/x", "/work/../x", "../../x",
	};
	static const char *const files[] = {
		"/init", "/lab.conf", "/work/kvt", "/work/confine",
		"/work/functions.tsv", "/run/stdout", "/run/stderr",
		"/proc/self/mem", "/proc/self/exe", "/proc/1/environ",
		"/proc/kcore", "/proc/sys/kernel/modprobe", "/proc/cmdline",
		"/sys/kernel/tracing/trace", "/sys/kernel/debug",
		"/sys/kernel/tracing/user_events_data", "/sys", "/proc",
		"/dev/mem", "/dev/kmem", "/dev/vport0p1", "/dev/console",
		"/dev/ttyAMA0", "/dev/ptmx", "/dev/fuse", "/dev/userfaultfd",
		"/dev/hwrng", "/dev/vhost-net", "/dev/net/tun", "/dev/loop0",
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (open(places[i], O_WRONLY | O_CREAT, 0755) >= 0)
			say("writes to", places[i]);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (open(files[i], O_RDONLY) >= 0)
			say("reads", files[i]);
}

static void try_processes(void)
{
	const unsigned long thread = CLONE_VM | CLONE_FS | CLONE_FILES |
				     CLONE_SIGHAND | CLONE_THREAD |
				     CLONE_SYSVSEM | CLONE_SETTLS |
				     CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	static char stack[4096];
	char *top = stack + sizeof(stack);

	TRY(clone, SIGCHLD, 0, 0, 0, 0);
	TRY(clone, CLONE_VFORK | CLONE_VM | SIGCHLD, top, 0, 0, 0);
	TRY(clone, (thread | CLONE_UNTRACED), top, 0, 0, 0);
	TRY(clone, (thread & ~CLONE_FILES), top, 0, 0, 0);
	TRY(clone, (thread & ~CLONE_SETTLS), top, 0, 0, 0);
	TRY(clone, (thread | CLONE_NEWUSER), top, 0, 0, 0);
	TRY_ANY(clone3);
	TRY(unshare, CLONE_FILES);
	TRY(unshare, CLONE_NEWUSER);
	TRY_ANY(setns);
	TRY(execve, "/work/escape", NULL, NULL);
	TRY(execveat, 3, "", NULL, NULL, AT_EMPTY_PATH);
	TRY(kill, 0, 0);
	TRY(kill, -1, 0);
	TRY(kill, 1, 0);
	TRY(kill, getppid(), 0);
	TRY(tgkill, getppid(), getppid(), 0);
	TRY_ANY(tkill);
	TRY_ANY(rt_sigqueueinfo);
	TRY_ANY(rt_tgsigqueueinfo);
	TRY_ANY(ptrace);
	TRY_ANY(process_vm_readv);
	TRY_ANY(process_vm_writev);
	TRY_ANY(process_madvise);
	TRY_ANY(kcmp);
	TRY_ANY(pidfd_open);
	TRY_ANY(pidfd_getfd);
	TRY_ANY(pidfd_send_signal);
	TRY(prlimit64, getppid(), 0, 0, 0);
	TRY_ANY(setpgid);
	TRY_ANY(setsid);
	TRY_ANY(sched_setattr);
	TRY_ANY(sched_setscheduler);
	TRY_ANY(setpriority);
	TRY_ANY(ioprio_set);
	TRY_ANY(personality);
	TRY_ANY(wait4);
}

/* Copies of a descriptor, and calls that another makes for the program. */
static void try_copies(void)
{
	int kvm = open("/dev/kvm", O_RDWR);

	TRY(dup, kvm);
	TRY(dup3, kvm, 100, 0);
	TRY(fcntl, kvm, F_DUPFD, 0);
	TRY(fcntl, kvm, F_DUPFD_CLOEXEC, 0);
	TRY(fcntl, kvm, F_SETOWN, getppid());
	TRY_ANY(close_range);
	TRY_ANY(socket);
	TRY_ANY(socketpair);
	TRY_ANY(io_uring_setup);
	TRY_ANY(io_uring_enter);
	TRY_ANY(io_uring_register);
	TRY_ANY(io_setup);
	TRY_ANY(io_submit);
	TRY_ANY(splice);
	TRY_ANY(vmsplice);
	TRY_ANY(tee);
	TRY_ANY(sendfile);
	TRY_ANY(copy_file_range);
	TRY_ANY(mq_open);
	TRY_ANY(shmget);
	TRY_ANY(semget);
	TRY_ANY(msgget);
	TRY_ANY(userfaultfd);
	TRY_ANY(openat2);
	TRY_ANY(open_by_handle_at);
	TRY_ANY(name_to_handle_at);
	close(kvm);
}

static void try_privileges(void)
{
	TRY(prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0);
	TRY(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	TRY(prctl, PR_SET_PTRACER, -1, 0, 0, 0);
	TRY(prctl, PR_SET_KEEPCAPS, 0, 0, 0, 0);
	TRY(prctl, PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0);
	TRY_ANY(seccomp);
	TRY(setuid, 0);
	TRY(setresuid, 0, 0, 0);
	TRY(setgroups, 0, NULL);
	TRY_ANY(capset);
	TRY_ANY(add_key);
	TRY_ANY(request_key);
	TRY_ANY(keyctl);
	TRY_ANY(bpf);
	TRY_ANY(perf_event_open);
	TRY_ANY(init_module);
	TRY_ANY(finit_module);
	TRY_ANY(kexec_load);
	TRY_ANY(reboot);
	TRY_ANY(syslog);
	TRY_ANY(mount);
	TRY_ANY(umount2);
	TRY_ANY(pivot_root);
	TRY_ANY(fsopen);
	TRY_ANY(fsmount);
	TRY_ANY(open_tree);
	TRY_ANY(move_mount);
	TRY(chroot, ".");
	TRY_ANY(fchmod);
	TRY_ANY(fchmodat);
	TRY_ANY(fchownat);
	TRY_ANY(mkdirat);
	TRY_ANY(mknodat);
	TRY_ANY(unlinkat);
	TRY_ANY(renameat2);
	TRY_ANY(linkat);
	TRY_ANY(symlinkat);
	TRY_ANY(setxattr);
	TRY_ANY(landlock_create_ruleset);
	TRY_ANY(memfd_secret);
	TRY_ANY(inotify_init1);
	TRY_ANY(fanotify_init);
	TRY_ANY(quotactl);
	TRY_ANY(swapon);
	TRY_ANY(acct);
	TRY_ANY(adjtimex);
	TRY_ANY(clock_settime);
	TRY_ANY(settimeofday);
	TRY_ANY(sethostname);
	TRY_ANY(vhangup);
}

/* With an argument, only what has nothing to do with system calls. */
int main(int argc, char **argv)
{
	(void)argv;
	try_files();
	if (argc == 1) {
		try_copies();
		try_privileges();
		try_processes();
	}
	if (syscall(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0)
		say("may have", "new privileges");
	if (!getuid() || !geteuid())
		say("is", "root");
	puts(found ? "and so it gets out" : "no way out");
	return 0;
}
