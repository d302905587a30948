// SPDX-License-Identifier: MIT
/* Moves the ring buffers' pages from the kernel into files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/memory.h"
#include "record/pages.h"
#include "record/recorder.h"

size_t pages_size(const char *header_page)
{
	const char *data = strstr(header_page, "field: char data;");
	size_t at, size;

	if (!data || sscanf(data, "field: char data; offset:%zu; size:%zu;",
			    &at, &size) != 2)
		die(KVT_FAILED, "events/header_page does not say how long the"
		    " pages of the ring buffer are: '%s'", header_page);
	if (at != PAGE_HEAD)
		die(KVT_FAILED, "on this kernel the head of a page of the ring"
		    " buffer has %zu bytes, and kvt knows only heads of %d",
		    at, PAGE_HEAD);
	return at + size;
}

/* The kernel hands out sub-buffers; tracer.c has set their size. */
static size_t sub_buffer_size(struct recorder *r)
{
	char *text = tracefs_instance_file_read(r->instance,
						"events/header_page", NULL);
	size_t size;

	if (!text)
		die(KVT_FAILED, "events/header_page: %s", strerror(errno));
	size = pages_size(text);
	free(text);
	return size;
}

static char *page_file_name(const struct recorder *r, int cpu)
{
	return xasprintf("%s%d.raw", r->pages, cpu);
}

static void open_cpu(struct recorder *r, int cpu)
{
	char *name = xasprintf("per_cpu/cpu%d/trace_pipe_raw", cpu);
	char *file = page_file_name(r, cpu);
	char *path = xasprintf("%s/%s", r->dir, file);

	r->fd[cpu] = tracefs_instance_file_open(r->instance, name,
						O_RDONLY | O_NONBLOCK);
	if (r->fd[cpu] < 0)
		die(KVT_FAILED, "%s: %s", name, strerror(errno));
	r->page_file[cpu] = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
				 0666);
	if (r->page_file[cpu] < 0)
		die(KVT_FAILED, "%s: %s", path, strerror(errno));
	r->cpus++;
	free(path);
	free(file);
	free(name);
}

/*
 * Copying pages into a file takes time from the program, on a CPU that both
 * share.  So full pages wait in a pipe, where they need no copying, and go
 * into the file when the pipe has no room for more, or when the program has
 * ended.
 */
enum {
	WAITING_MAX = 64 << 20,	/* bytes in all pipes together */
	AT_ONCE = 1 << 20,	/* bytes of one splice() */
};

/* A sub-buffer takes a page's place in a pipe, whatever its size. */
static void open_pipe(struct page_pipe *p, size_t room, size_t page_size)
{
	size_t pages = page_size / getpagesize();

	if (pipe2(p->fd, O_CLOEXEC))
		die(KVT_FAILED, "pipe: %s", strerror(errno));
	/* Memory may be short, and a small pipe does, too. */
	while (room > AT_ONCE &&
	       fcntl(p->fd[1], F_SETPIPE_SZ, room / pages) < 0)
		room /= 2;
	p->room = fcntl(p->fd[1], F_GETPIPE_SZ) * pages;
}

/* Returns what each CPU's pipe may hold; in all, an eighth of the memory. */
static size_t pipe_room(const struct recorder *r, int cpus)
{
	size_t room = (size_t)sysconf(_SC_PHYS_PAGES) *
		      sysconf(_SC_PAGESIZE) / 8;

	if (room > WAITING_MAX)
		room = WAITING_MAX;
	return room / cpus / (r->is_one_of_two ? 2 : 1);
}

void pages_open(struct recorder *r)
{
	int cpus = sysconf(_SC_NPROCESSORS_CONF);

	r->page_size = sub_buffer_size(r);
	r->fd = xcalloc(cpus, sizeof(*r->fd));
	r->page_file = xcalloc(cpus, sizeof(*r->page_file));
	r->page_bytes = xcalloc(cpus, sizeof(*r->page_bytes));
	r->pipe = xcalloc(cpus, sizeof(*r->pipe));
	for (int i = 0; i < cpus; i++) {
		open_cpu(r, i);
		open_pipe(&r->pipe[i], pipe_room(r, cpus), r->page_size);
	}
	if (r->sites)
		pages_open(r->sites);
}

static void count_bytes(struct recorder *r, int cpu, ssize_t n)
{
	r->page_bytes[cpu] += n;
	r->written += n;
}

static void die_of_file(const struct recorder *r)
{
	die(KVT_FAILED, "%s: cannot write the recording: %s", r->dir,
	    strerror(errno));
}

static void die_of_trace(int cpu)
{
	die(KVT_FAILED, "reading the trace of CPU %d: %s", cpu,
	    strerror(errno));
}

/* Moves pages from the pipe into the file, until the pipe holds at most REST
 * bytes. */
static void empty_pipe(struct recorder *r, int cpu, size_t rest)
{
	struct page_pipe *p = &r->pipe[cpu];

	while (p->held > rest) {
		ssize_t n = splice(p->fd[0], NULL, r->page_file[cpu], NULL,
				   p->held - rest, SPLICE_F_MOVE);

		if (n == 0)	/* sets no errno: it could write nothing */
			errno = ENOSPC;
		if (n <= 0 && errno != EINTR)
			die_of_file(r);
		if (n > 0)
			p->held -= n;
	}
}

/* Moves full pages from the ring buffer into the pipe, many per call, without
 * a copy.  False: this kernel cannot do that. */
static bool move_full_pages(struct recorder *r, int cpu)
{
	struct page_pipe *p = &r->pipe[cpu];
	size_t most = p->room / 2 < AT_ONCE ? p->room / 2 : AT_ONCE;
	ssize_t n;

	for (;;) {
		if (p->held + most > p->room)
			empty_pipe(r, cpu, p->room - most);
		n = splice(r->fd[cpu], NULL, p->fd[1], NULL, most,
			   SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
		if (n <= 0)
			break;
		p->held += n;
		count_bytes(r, cpu, n);
	}
	if (n < 0 && errno == EINVAL)
		return false;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die_of_trace(cpu);
	return true;
}

/* Copies the remaining pages, one per read; the last may be partly empty. */
static void read_pages(struct recorder *r, int cpu)
{
	char *page = xlarge(r->page_size);
	ssize_t n;

	empty_pipe(r, cpu, 0);
	while ((n = read(r->fd[cpu], page, r->page_size)) > 0) {
		for (ssize_t at = 0, m; at < n; at += m) {
			m = write(r->page_file[cpu], page + at, n - at);
			if (m < 0 && errno != EINTR)
				die_of_file(r);
			m = m < 0 ? 0 : m;
		}
		count_bytes(r, cpu, n);
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die_of_trace(cpu);
	free(page);
}

void pages_drain(struct recorder *r)
{
	for (int i = 0; i < r->cpus; i++)
		if (!move_full_pages(r, i))
			read_pages(r, i);
	/* Records of call sites are shorter, so that instance never fills up
	 * first. */
	if (r->sites)
		pages_drain(r->sites);
}

void pages_close(struct recorder *r)
{
	pages_drain(r);
	for (int i = 0; i < r->cpus; i++) {
		read_pages(r, i);
		close(r->pipe[i].fd[0]);
		close(r->pipe[i].fd[1]);
		if (close(r->page_file[i]))
			die_of_file(r);
	}
	if (r->sites)
		pages_close(r->sites);
}

void pages_list(const struct recorder *r, FILE *meta)
{
	if (r->page_size != 4096)
		fprintf(meta, "page-size %zu\n", r->page_size);
	for (; r; r = r->sites)
		for (int i = 0; i < r->cpus; i++) {
			char *file = page_file_name(r, i);

			fprintf(meta, "bytes %s %llu\n", file,
				r->page_bytes[i]);
			free(file);
		}
}

void pages_free(struct recorder *r)
{
	free(r->fd);
	free(r->page_file);
	free(r->page_bytes);
	free(r->pipe);
	if (r->sites)
		pages_free(r->sites);
}
