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
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "confine.h"

static const int allowed[] = {
	/* files and descriptors */
	SYS_openat, SYS_close, SYS_ioctl, SYS_read, SYS_write, SYS_readv,
	SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_fstat,
	SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_faccessat2,
	SYS_readlinkat, SYS_getcwd, SYS_getdents64, SYS_ftruncate,
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

enum { ALLOWED = sizeof(allowed) / sizeof(*allowed), MAX_LENGTH = 512 };

static struct sock_filter code[MAX_LENGTH];
static unsigned short length;

static void emit(struct sock_filter instruction)
{
	code[length++] = instruction;
}

static void load(unsigned int offset)
{
	emit((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void answer(uint32_t action)
{
	emit((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Skips the next N instructions if what was loaded does not compare so. */
static void unless(unsigned short comparison, uint32_t value, unsigned char n)
{
	emit((struct sock_filter)BPF_JUMP(BPF_JMP | comparison | BPF_K, value,
					  0, n));
}

static void deny(int error)
{
	answer(SECCOMP_RET_ERRNO | error);
}

/* Loads the half of an argument that the kernel looks at; all of these are
 * ints, or unsigned ints. */
static void load_argument(int i)
{
	load(offsetof(struct seccomp_data, args) + 8 * i);
}

/* Allows the call NUMBER if argument I is one of VALUES. */
static void allow_with(int number, int i, const uint32_t *values, int count)
{
	unless(BPF_JEQ, number, 2 + 2 * count);
	load_argument(i);
	for (int v = 0; v < count; v++) {
		unless(BPF_JEQ, values[v], 1);
		answer(SECCOMP_RET_ALLOW);
	}
	deny(EPERM);
}

/* Copies of input and output are allowed; they are nothing of KVM's. */
static void allow_copies_of_output(int number)
{
	static const uint32_t standard[] = { 0, 1, 2 };

	allow_with(number, 0, standard, 3);
}

static void allow_fcntl(void)
{
	static const uint32_t commands[] = {
		F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_ADD_SEALS, F_GET_SEALS,
	};

	allow_with(SYS_fcntl, 1, commands,
		   sizeof(commands) / sizeof(*commands));
}

/* Whom a process may signal, and whose limits it may set. */
static void allow_with_oneself(void)
{
	const uint32_t self[] = { getpid(), 0 };

	allow_with(SYS_kill, 0, self, 1);
	allow_with(SYS_tgkill, 0, self, 1);
	allow_with(SYS_prlimit64, 0, self, 2);
}

/* A thread as pthread_create() makes it: it shares all that a process has.
 * Nobody can see the flags of clone3(), and C libraries can do without. */
static void allow_threads(bool may_have_threads)
{
	static const uint32_t thread[] = {
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
		CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
	};

	unless(BPF_JEQ, SYS_clone3, 1);
	deny(ENOSYS);
	allow_with(SYS_clone, 0, thread, may_have_threads);
}

static void allow_names(void)
{
	static const uint32_t options[] = { PR_SET_NAME, PR_GET_NAME,
					    PR_SET_VMA };

	allow_with(SYS_prctl, 0, options, 3);
}

/* The program is what was compiled, from its beginning to its end: nobody can
 * open that descriptor again, and no file in its tree may be executed. */
static void allow_program(int program)
{
	const uint32_t descriptor[] = { program };

	allow_with(SYS_execveat, 0, descriptor, 1);
}

static void write_filter(int program, bool may_have_threads)
{
	load(offsetof(struct seccomp_data, arch));
	emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
					  AUDIT_ARCH_AARCH64, 1, 0));
	answer(SECCOMP_RET_KILL_PROCESS);
	load(offsetof(struct seccomp_data, nr));
	for (int i = 0; i < ALLOWED; i++) {
		unless(BPF_JEQ, allowed[i], 1);
		answer(SECCOMP_RET_ALLOW);
	}
	allow_copies_of_output(SYS_dup);
	allow_copies_of_output(SYS_dup3);
	allow_fcntl();
	allow_with_oneself();
	allow_threads(may_have_threads);
	allow_names();
	allow_program(program);
	deny(EPERM);
}

bool calls_confine(int program, bool may_have_threads)
{
	struct sock_fprog filter = { .filter = code };

	write_filter(program, may_have_threads);
	filter.len = length;
	return !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}
