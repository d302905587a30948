/* SPDX-License-Identifier: MIT */
/* A disk by virtio: a file of this machine.  Chapter 30 explains it. */
/* [headers] */
#ifndef DISK_H
#define DISK_H

#include <sys/file.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_ids.h>
#include "virtio.h"
/* [/headers] */

/* [open] */
enum { SECTOR = 512 };

static int disk = -1;
static struct virtio_blk_config disk_config;

/* Opens the file, for nobody else meanwhile. */
static inline void open_disk(const char *path, bool read_only)
{
	off_t size;

	if (!read_only && access(path, W_OK) && errno != ENOENT)
		fail("%s: %s.\nMake it writable, or say --read-only.",
		     path, strerror(errno));
	disk = open_file(path, read_only ? O_RDONLY : O_RDWR, &size);
	if (!size || size % SECTOR)
		fail("%s has %lld bytes, and a disk is made of sectors"
		     " of %d.\nIs the file whole?  truncate -s %%%d"
		     " rounds its size up.", path, (long long)size,
		     SECTOR, SECTOR);
	if (flock(disk, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB))
		fail("%s: another machine uses it.\nGive this one a"
		     " copy, or say --read-only to both.", path);
	disk_config.capacity = size / SECTOR;
	disk_config.seg_max = QUEUE_SIZE - 2;
}
/* [/open] */

/* [transfer] */
/* Moves sectors between the file and N parts of the guest's memory. */
static inline int transfer(uint64_t sector, const struct iovec *part,
			   int n, bool in)
{
	uint64_t left = disk_config.capacity - sector;
	ssize_t length = 0, done;

	for (int i = 0; i < n; i++)
		length += part[i].iov_len;
	if (sector > disk_config.capacity || length % SECTOR ||
	    length / SECTOR > (int64_t)left)
		return VIRTIO_BLK_S_IOERR;
	done = in ? preadv(disk, part, n, sector * SECTOR) :
		    pwritev(disk, part, n, sector * SECTOR);
	return done == length ? VIRTIO_BLK_S_OK : VIRTIO_BLK_S_IOERR;
}
/* [/transfer] */

/* [request] */
/* Does a request: a header, data, and a byte for how it went. */
static inline int do_request(const struct virtio *d,
			     const struct request *r)
{
	struct virtio_blk_outhdr head;
	const struct iovec *data = r->part + 1;
	int n = r->parts - 2;

	copy_from_guest(&head, r->part[0].iov_base, sizeof(head));
	switch (head.type) {
	case VIRTIO_BLK_T_IN:
		if (r->readable != 1)
			return VIRTIO_BLK_S_IOERR;
		return transfer(head.sector, data, n, true);
	case VIRTIO_BLK_T_OUT:
		if (r->readable != r->parts - 1 ||
		    d->features & 1 << VIRTIO_BLK_F_RO)
			return VIRTIO_BLK_S_IOERR;
		return transfer(head.sector, data, n, false);
	case VIRTIO_BLK_T_FLUSH:
		return fdatasync(disk) ? VIRTIO_BLK_S_IOERR :
		       VIRTIO_BLK_S_OK;
	default:
		return VIRTIO_BLK_S_UNSUPP;
	}
}

/*
 * The standard lets a driver cut a request anywhere; we take it only as
 * Linux cuts it.
 */
static inline bool cut_as_linux(const struct request *r)
{
	return r->readable >= 1 && r->readable < r->parts &&
	       r->part[0].iov_len == sizeof(struct virtio_blk_outhdr) &&
	       r->part[r->parts - 1].iov_len == 1;
}

static inline bool serve_disk(struct virtio *d, int queue)
{
	struct virtqueue *q = &d->queue[queue];
	struct request r;
	bool wanted = false;

	while (next_request(q, &r)) {
		uint32_t n = 0;
		int status;

		q->broken = !cut_as_linux(&r);
		if (q->broken)
			break;
		status = do_request(d, &r);
		*(uint8_t *)r.part[r.parts - 1].iov_base = status;
		/* After an error nobody knows what was written. */
		for (int i = r.readable; i < r.parts; i++)
			if (status == VIRTIO_BLK_S_OK)
				n += r.part[i].iov_len;
		wanted |= finish_request(q, &r, n);
	}
	return wanted;
}
/* [/request] */

/* [add] */
static inline void add_disk(int vm, bool read_only)
{
	add_virtio(vm, 1, (struct virtio) {
		.id = VIRTIO_ID_BLOCK, .serve = serve_disk,
		.features = 1 << VIRTIO_BLK_F_SEG_MAX |
			    1 << VIRTIO_BLK_F_FLUSH |
			    read_only << VIRTIO_BLK_F_RO,
		.config = &disk_config,
		.config_size = sizeof(disk_config),
	});
}
/* [/add] */

/* [end] */
#endif
/* [/end] */
