// SPDX-License-Identifier: MIT
/* What each descriptor of a process is. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/vec.h"
#include "import/fds.h"

enum { MAX_FDS = 1 << 20 };	/* NR_OPEN: no process has more */

static const char *const kind_name[FD_KINDS] = {
	[FD_SYSTEM] = "system", [FD_VM] = "vm", [FD_VCPU] = "vcpu",
	[FD_DEVICE] = "device", [FD_STATS] = "stats",
	[FD_GUEST_MEMFD] = "guest_memfd", [FD_EVENTFD] = "eventfd",
};

const char *fd_kind_name(enum fd_kind kind)
{
	return kind_name[kind];
}

struct fds *fds_copy(const struct fds *f)
{
	struct fds *copy = xcalloc(1, sizeof(*copy));

	*copy = *f;
	copy->fd = NULL;
	arrsetlen(copy->fd, arrlen(f->fd));
	if (arrlen(f->fd))
		memcpy(copy->fd, f->fd, arrlen(f->fd) * sizeof(*f->fd));
	return copy;
}

void fds_free(struct fds *f)
{
	arrfree(f->fd);
	free(f);
}

struct fd fds_get(const struct fds *f, int64_t fd)
{
	return fd >= 0 && fd < arrlen(f->fd) ? f->fd[fd] : (struct fd){ 0 };
}

void fds_open(struct fds *f, int64_t fd, struct fd what)
{
	if (fd < 0 || fd >= MAX_FDS)
		return;
	while (arrlen(f->fd) <= fd)
		arrput(f->fd, (struct fd){ 0 });
	f->fd[fd] = what;
}

/* Does KVM make such descriptors with O_CLOEXEC? */
static bool is_made_to_close(enum fd_kind kind)
{
	return kind != FD_SYSTEM && kind != FD_GUEST_MEMFD &&
	       kind != FD_EVENTFD;
}

bool fds_set(struct fds *f, long fd, const char *kind)
{
	for (int i = FD_OTHER + 1; i < FD_KINDS; i++)
		if (!strcmp(kind, kind_name[i])) {
			if (fds_get(f, fd).kind == FD_OTHER)
				fds_open(f, fd, (struct fd){
					i, is_made_to_close(i), 0 });
			return true;
		}
	return false;
}

/* Returns one past the last descriptor in FIRST to LAST that may be KVM's. */
static uint32_t known_end(const struct fds *f, uint32_t last)
{
	return last < arrlen(f->fd) ? last + 1 : arrlen(f->fd);
}

bool fds_any(const struct fds *f, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i < known_end(f, last); i++)
		if (f->fd[i].kind != FD_OTHER)
			return true;
	return false;
}

void fds_close(struct fds *f, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i < known_end(f, last); i++)
		f->fd[i] = (struct fd){ 0 };
}

void fds_closed_by_exec(struct fds *f, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i < known_end(f, last); i++)
		f->fd[i].closed_by_exec = true;
}

void fds_exec(struct fds *f)
{
	for (ptrdiff_t i = 0; i < arrlen(f->fd); i++)
		if (f->fd[i].closed_by_exec)
			f->fd[i] = (struct fd){ 0 };
}
