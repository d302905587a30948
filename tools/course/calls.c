// SPDX-License-Identifier: MIT
/*
 * Which system calls a submission may make: those that a program of the course
 * can need, and no others.  The rest fails with EPERM.
 *
 * A capture is judged as what one process did.  So there is no second process,
 * no second table of descriptors and no copy of a descriptor of KVM's, nobody
 * who writes into another's memory or registers, and no call that the kernel
 * makes later or in another thread (io_uring, AIO).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <unistd.h>
#include <linux/prctl.h>
#include <sys/syscall.h>

#include "confine.h"

static const int allowed[] = {
	/* files and descriptors */
	SYS_openat, SYS_close, SYS_ioctl, SYS_read, SYS_write, SYS_readv,
	SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_fstat,
	SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_faccessat2,
	SYS_readlinkat, SYS_getcwd, SYS_getdents64, SYS_ftruncate,
	SYS_fallocate,
	SYS_memfd_create, SYS_eventfd2, SYS_timerfd_create,
	SYS_timerfd_settime, SYS_timerfd_gettime, SYS_signalfd4, SYS_pipe2,
	SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl,
	SYS_epoll_pwait,
	/* memory */
	SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise,
	SYS_mincore, SYS_msync, SYS_mlock, SYS_mlock2, SYS_munlock,
	SYS_membarrier,
	/* signals and time */
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
	SYS_rt_sigpending, SYS_rt_sigsuspend, SYS_rt_sigtimedwait,
	SYS_sigaltstack, SYS_restart_syscall, SYS_nanosleep,
	SYS_clock_nanosleep, SYS_clock_gettime, SYS_clock_getres,
	SYS_gettimeofday, SYS_times, SYS_getitimer, SYS_setitimer,
	SYS_timer_create, SYS_timer_settime, SYS_timer_gettime,
	SYS_timer_getoverrun, SYS_timer_delete,
	/* the process and its threads */
	SYS_exit, SYS_exit_group, SYS_getpid, SYS_getppid, SYS_gettid,
	SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getpgid,
	SYS_uname, SYS_sysinfo, SYS_getcpu, SYS_getrandom, SYS_getrusage,
	SYS_futex, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq,
	SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_setaffinity,
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static scmp_filter_ctx filter;
static int error; /* the first one, as a negative errno */

static void check(int result)
{
	if (result < 0 && !error)
		error = result;
}

static void allow(int number)
{
	check(seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0));
}

/*
 * Allows the call NUMBER if argument I is one of VALUES.  All of these are ints,
 * or unsigned ints, so the kernel looks at one half of them, and so do we.
 */
static void allow_with(int number, int i, const unsigned int *values,
		       size_t count)
{
	for (size_t v = 0; v < count; v++) {
		struct scmp_arg_cmp is_value = SCMP_CMP(i, SCMP_CMP_MASKED_EQ,
							~0U, values[v]);

		check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number,
					     1, &is_value));
	}
}

/* Copies of input and output are allowed; they are nothing of KVM's. */
static void allow_copies_of_output(void)
{
	static const unsigned int standard[] = { 0, 1, 2 };

	allow_with(SYS_dup, 0, standard, COUNT(standard));
	allow_with(SYS_dup3, 0, standard, COUNT(standard));
}

static void allow_fcntl(void)
{
	static const unsigned int commands[] = {
		F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_ADD_SEALS, F_GET_SEALS,
	};

	allow_with(SYS_fcntl, 1, commands, COUNT(commands));
}

/* Whom a process may signal, and whose limits it may set. */
static void allow_with_oneself(void)
{
	const unsigned int self[] = { getpid(), 0 };

	allow_with(SYS_kill, 0, self, 1);
	allow_with(SYS_tgkill, 0, self, 1);
	allow_with(SYS_prlimit64, 0, self, 2);
}

/* A thread as pthread_create() makes it: it shares all that a process has.
 * Nobody can see the flags of clone3(), and C libraries can do without. */
static void allow_threads(bool may_have_threads)
{
	static const unsigned int thread[] = {
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
		CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
	};

	check(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SYS_clone3, 0));
	if (may_have_threads)
		allow_with(SYS_clone, 0, thread, COUNT(thread));
}

static void allow_names(void)
{
	static const unsigned int options[] = { PR_SET_NAME, PR_GET_NAME,
						PR_SET_VMA };

	allow_with(SYS_prctl, 0, options, COUNT(options));
}

/* The program is what was compiled, from its beginning to its end: nobody can
 * open that descriptor again, and no file in its tree may be executed. */
static void allow_program(int program)
{
	const unsigned int descriptor[] = { program };

	allow_with(SYS_execveat, 0, descriptor, COUNT(descriptor));
}

bool calls_confine(int program, bool may_have_threads)
{
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter) {
		errno = ENOMEM;
		return false;
	}
	check(seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
			       SCMP_ACT_KILL_PROCESS));
	/* That is confine.c's to set; without it, loading fails. */
	check(seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0));
	for (size_t i = 0; i < COUNT(allowed); i++)
		allow(allowed[i]);
	allow_copies_of_output();
	allow_fcntl();
	allow_with_oneself();
	allow_threads(may_have_threads);
	allow_names();
	allow_program(program);
	if (!error)
		error = seccomp_load(filter);
	errno = -error;
	return !error;
}
