/* SPDX-License-Identifier: MIT */
/*
 * What each descriptor of a process is.
 *
 * A struct fds begins as zeroes: no descriptor is KVM's.  Numbers that no
 * process can have, negative ones among them, are ignored.  Running out of
 * memory ends the program; nothing else does.
 */
#ifndef KVT_FDS_H
#define KVT_FDS_H

#include <stdbool.h>
#include <stdint.h>

enum fd_kind { FD_OTHER, FD_SYSTEM, FD_VM, FD_VCPU, FD_DEVICE, FD_STATS,
	       FD_GUEST_MEMFD, FD_EVENTFD,	/* of an irqfd or ioeventfd */
	       FD_KINDS };

struct fd {
	unsigned char kind;	/* enum fd_kind */
	bool closed_by_exec;
	uint16_t device;	/* KVM_DEV_TYPE_... of a device; 0: unknown */
};

struct fds {
	struct fd *fd;		/* by descriptor */
	/* Devices whose descriptor was out of sight when they were made. */
	uint32_t unseen_devices;
	uint16_t unseen_type;	/* of all of them, as far as the names of their
				 * attributes go; 0: they differ */
};

/* The descriptors of a process that was forked; fds_free() it. */
struct fds *fds_copy(const struct fds *f);
void fds_free(struct fds *f);
/* FD is what a capture calls KIND, unless it is known to be something else;
 * false: there is no such kind. */
bool fds_set(struct fds *f, long fd, const char *kind);
/* "vcpu"; NULL of FD_OTHER. */
const char *fd_kind_name(enum fd_kind kind);

struct fd fds_get(const struct fds *f, int64_t fd);
void fds_open(struct fds *f, int64_t fd, struct fd what);
/* Is one of FIRST to LAST a descriptor of KVM's? */
bool fds_any(const struct fds *f, uint32_t first, uint32_t last);
void fds_close(struct fds *f, uint32_t first, uint32_t last);
void fds_closed_by_exec(struct fds *f, uint32_t first, uint32_t last);
/* The process runs another program now. */
void fds_exec(struct fds *f);

#endif
