/*
 * How a process is scheduled.
 *
 *	scheduled PID		prints "POLICY PRIORITY NICE RESET"
 *	scheduled POLICY PRIORITY NICE RESET COMMAND...
 *				runs COMMAND like that
 *
 * RESET is 1 where children are not to inherit it.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sched_param p;
	int pid = atoi(argv[1]), policy;

	if (argc == 2) {
		policy = sched_getscheduler(pid);
		sched_getparam(pid, &p);
		printf("%d %d %d %d\n", policy & ~SCHED_RESET_ON_FORK, p.sched_priority,
		       getpriority(PRIO_PROCESS, pid), !!(policy & SCHED_RESET_ON_FORK));
		return 0;
	}
	p.sched_priority = atoi(argv[2]);
	policy = atoi(argv[1]) | (atoi(argv[4]) ? SCHED_RESET_ON_FORK : 0);
	if (setpriority(PRIO_PROCESS, 0, atoi(argv[3])) || sched_setscheduler(0, policy, &p))
		return perror("scheduled"), 1;
	execvp(argv[5], argv + 5);
	return perror(argv[5]), 127;
}
