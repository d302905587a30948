// SPDX-License-Identifier: MIT
/* The ring buffers' pages, from the kernel into files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <tracefs.h>

#include "base/die.h"
#include "base/file.h"
#include "base/memory.h"
#include "record/pages.h"
#include "record/recorder.h"

/* The kernel hands out sub-buffers: of a page each, unless told otherwise. */
static size_t sub_buffer_size(struct recorder *r)
{
	char *text = tracefs_instance_file_read(r->instance,
						"buffer_subbuf_size_kb", NULL);
	size_t size = text ? strtoul(text, NULL, 10) * 1024
			   : (size_t)getpagesize();

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
	r->page_file[cpu] = open_file(path, "we");
	r->cpus++;
	free(path);
	free(file);
	free(name);
}

void pages_open(struct recorder *r)
{
	int cpus = sysconf(_SC_NPROCESSORS_CONF);

	r->page_size = sub_buffer_size(r);
	r->fd = xcalloc(cpus, sizeof(*r->fd));
	r->page_file = xcalloc(cpus, sizeof(*r->page_file));
	r->page_bytes = xcalloc(cpus, sizeof(*r->page_bytes));
	for (int i = 0; i < cpus; i++)
		open_cpu(r, i);
	if (r->sites)
		pages_open(r->sites);
}

static void drain_cpu(struct recorder *r, int cpu, char *page)
{
	ssize_t n;

	/* One page a read, whatever the room. */
	while ((n = read(r->fd[cpu], page, r->page_size)) > 0) {
		fwrite(page, 1, n, r->page_file[cpu]);
		r->page_bytes[cpu] += n;
		r->written += n;
	}
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die(KVT_FAILED, "reading the trace of CPU %d: %s", cpu,
		    strerror(errno));
}

void pages_drain(struct recorder *r)
{
	static char *page;

	if (!page)
		page = xlarge(r->page_size);
	for (int i = 0; i < r->cpus; i++)
		drain_cpu(r, i, page);
	/* The records of call sites are shorter, so that instance is never
	 * fuller. */
	if (r->sites)
		pages_drain(r->sites);
}

void pages_close(struct recorder *r)
{
	for (int i = 0; i < r->cpus; i++)
		close_file(r->page_file[i], "the recording");
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
	if (r->sites)
		pages_free(r->sites);
}
