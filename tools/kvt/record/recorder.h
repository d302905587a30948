/* SPDX-License-Identifier: MIT */
/*
 * One recording: what the parts of the recorder share.
 *
 * Every function of record/ ends the program (base/die.h) when the kernel
 * refuses something.  Whatever the recording changed in the kernel by then,
 * instances_remove() takes back at exit.
 */
#ifndef KVT_RECORDER_H
#define KVT_RECORDER_H

#include <stdbool.h>
#include <sys/types.h>

struct tracefs_dynevent;
struct tracefs_instance;

/* The events that exist only while a recording runs; see probes.c. */
enum { PROBE_USER, PROBE_DATA, PROBES };

/* In place of an exit status: the program runs, or never was ours. */
enum { STATUS_UNKNOWN = -1 };

struct page_pipe {
	int fd[2];
	size_t room, held;		/* bytes */
};

struct recorder {
	/* what is asked for */
	const char *dir;		/* where the raw recording goes */
	char *program;
	pid_t pid;			/* of one that runs already, or 0 */
	long buffer_kb;
	long duration_ms;		/* when to stop; 0: no such limit */
	long timeout_ms;		/* when to end the program, too */
	unsigned long long max_size;	/* bytes to stop at; 0: no limit */
	struct recorder *sites;		/* the second instance, or NULL */
	/* the instance */
	struct tracefs_instance *instance;
	int lock;			/* its folder, locked; 0: none */
	struct tracefs_dynevent *probe[PROBES];	/* or NULL */
	const char *mode;		/* how KVM uses EL2 */
	bool args, retval;		/* what the tracer records */
	size_t functions;		/* how many it may */
	/* the pages */
	const char *pages;		/* what their files are called */
	size_t page_size;		/* bytes */
	int *fd;			/* trace_pipe_raw of each CPU */
	int *page_file;
	unsigned long long *page_bytes;	/* read of each CPU */
	struct page_pipe *pipe;		/* on the way into each file */
	bool is_one_of_two;		/* the other instance has pages, too */
	int cpus;
	unsigned long long written;	/* bytes, all CPUs */
	/* the program */
	pid_t child;			/* ours, until it has been waited for */
	int status;			/* of our child, as shells have it */
	const char *stopped;		/* by what, before all had ended */
};

/* Writes VALUE to a file of R's instance. */
void recorder_set(struct recorder *r, const char *file, const char *value);

#endif
