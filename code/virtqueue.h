/* SPDX-License-Identifier: MIT */
/*
 * A split virtqueue, seen from the device: requests that the guest
 * makes in its own memory.  Chapter 30 explains it.
 */
/* [headers] */
#ifndef VIRTQUEUE_H
#define VIRTQUEUE_H

#include <sys/uio.h>
#include <linux/virtio_ring.h>
#include "image.h"
/* [/headers] */

/* [queue] */
enum { QUEUE_SIZE = 64 };

struct virtqueue {
	uint32_t size;
	bool ready;			/* the guest has said so */
	bool broken;			/* it makes no sense */
	uint64_t desc_at, avail_at, used_at;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	uint16_t next;			/* of avail, that we take */
	uint32_t allowed;		/* requests, in this turn */
};
/* [/queue] */

/* [start] */
/* The guest says that all three parts are in its memory: are they? */
static inline void start_queue(struct virtqueue *q)
{
	uint64_t size = q->size;

	q->desc = guest_bytes(q->desc_at, size * sizeof(*q->desc));
	q->avail = guest_bytes(q->avail_at, 6 + 2 * size);
	q->used = guest_bytes(q->used_at, 6 + 8 * size);
	q->next = 0;
	q->ready = true;
	q->broken = !q->desc || !q->avail || !q->used || !size ||
		    size > QUEUE_SIZE || size & (size - 1) ||
		    q->desc_at % 16 || q->avail_at % 2 ||
		    q->used_at % 4;
}
/* [/start] */

/* [request] */
/* What the guest asks for: parts to read, then parts to write. */
struct request {
	uint16_t head;			/* its first descriptor */
	int parts, readable;		/* all, and those to read */
	struct iovec part[QUEUE_SIZE];
};

/* Adds a descriptor's bytes to a request; false if it may not. */
static inline bool add_part(struct request *r, struct vring_desc d)
{
	bool writable = d.flags & VRING_DESC_F_WRITE;
	void *bytes = guest_bytes(d.addr, d.len);

	if (!bytes || r->parts == QUEUE_SIZE ||
	    d.flags & VRING_DESC_F_INDIRECT ||
	    (!writable && r->readable != r->parts))
		return false;
	r->part[r->parts++] = (struct iovec) { bytes, d.len };
	r->readable += !writable;
	return true;
}
/* [/request] */

/* [copy] */
/* What is checked is copied first: another vCPU may change it. */
static inline void copy_from_guest(void *to, const void *from,
				   size_t length)
{
	memcpy(to, from, length);
	__asm__ volatile("" : : : "memory");	/* not read again */
}

static inline uint16_t read_once(const uint16_t *number)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED);
}
/* [/copy] */

/* [next] */
/* Takes the next request; false if there is none. */
static inline bool next_request(struct virtqueue *q, struct request *r)
{
	struct vring_desc d;
	uint16_t i;

	if (!q->ready || q->broken || !q->allowed)
		return false;
	i = __atomic_load_n(&q->avail->idx, __ATOMIC_ACQUIRE);
	if (i == q->next)
		return false;
	q->broken = (uint16_t)(i - q->next) > q->size;
	if (q->broken)
		return false;
	q->allowed--;
	i = read_once(&q->avail->ring[q->next++ % q->size]);
	*r = (struct request) { .head = i };
	do {
		if (i >= q->size) {
			q->broken = true;
			return false;
		}
		copy_from_guest(&d, &q->desc[i], sizeof(d));
		q->broken = !add_part(r, d);
		i = d.next;
	} while (!q->broken && d.flags & VRING_DESC_F_NEXT);
	return !q->broken;
}
/* [/next] */

/* [finish] */
/*
 * Gives a request back, with LENGTH bytes written, or more.  True if
 * the guest wants an interrupt for it.
 */
static inline bool finish_request(struct virtqueue *q,
				  const struct request *r,
				  uint32_t length)
{
	uint16_t index = read_once(&q->used->idx);

	q->used->ring[index % q->size].id = r->head;
	q->used->ring[index % q->size].len = length;
	__atomic_store_n(&q->used->idx, index + 1, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(read_once(&q->avail->flags) &
		 VRING_AVAIL_F_NO_INTERRUPT);
}
/* [/finish] */

/* [end] */
#endif
/* [/end] */
