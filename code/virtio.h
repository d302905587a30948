/* SPDX-License-Identifier: MIT */
/*
 * A virtio device at an address: the registers by which a driver finds
 * its queues.  Chapter 30 explains it.
 */
/* [headers] */
#ifndef VIRTIO_H
#define VIRTIO_H

#include <linux/virtio_config.h>
#include <linux/virtio_mmio.h>
#include "lines.h"
#include "terminal.h"
#include "virtqueue.h"
/* [/headers] */

/* [device] */
enum {
	VIRTIO_AT = 0x0a000000, VIRTIO_SIZE = 0x200, VIRTIO_INTID = 48,
	VIRTIO_DEVICES = 2, QUEUES = 2,
};

struct virtio {
	uint32_t id;			/* what it is; 0: nothing */
	uint64_t features;
	const void *config;
	size_t config_size;
	/* Does what is in a queue; true if the guest wants to know. */
	bool (*serve)(struct virtio *device, int queue);
	int line;			/* an irqfd */
	uint32_t status, reasons;
	uint32_t offer_half, accept_half, selected_queue;
	uint64_t accepted;
	struct virtqueue queue[QUEUES];
};

static struct virtio virtio[VIRTIO_DEVICES];
/* [/device] */

/* [interrupt] */
static inline void virtio_interrupt(struct virtio *d, uint32_t reason)
{
	d->reasons |= reason;
	add(d->line);
}

/*
 * Does what the guest wants of its devices.  No queue is longer than
 * one turn: if the guest asks faster than we answer, others come first.
 */
static inline void serve_virtio(void)
{
	for (int n = 0; n < VIRTIO_DEVICES * QUEUES; n++) {
		struct virtio *d = &virtio[n / QUEUES];
		int i = n % QUEUES;
		struct virtqueue *q = &d->queue[i];

		if (!(d->status & VIRTIO_CONFIG_S_DRIVER_OK) ||
		    d->status & VIRTIO_CONFIG_S_NEEDS_RESET)
			continue;
		q->allowed = q->size;
		if (d->serve(d, i))
			virtio_interrupt(d, VIRTIO_MMIO_INT_VRING);
		if (q->ready && !q->allowed)
			add(bell);
		if (q->broken) {
			d->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
			virtio_interrupt(d, VIRTIO_MMIO_INT_CONFIG);
		}
	}
}
/* [/interrupt] */

/* [status] */
/* The driver's progress; 0 begins anew. */
static inline void set_status(struct virtio *d, uint32_t status)
{
	if (!status) {
		memset(d->queue, 0, sizeof(d->queue));
		d->reasons = d->accepted = 0;
	}
	if (d->accepted & ~d->features ||
	    !(d->accepted & 1ULL << VIRTIO_F_VERSION_1))
		status &= ~VIRTIO_CONFIG_S_FEATURES_OK;
	d->status = status;
	add(bell);
}
/* [/status] */

/* [read] */
static inline uint64_t virtio_read(uint64_t offset)
{
	struct virtio *d = &virtio[offset / VIRTIO_SIZE];
	uint64_t value = 0;

	offset %= VIRTIO_SIZE;
	switch (offset) {
	case VIRTIO_MMIO_MAGIC_VALUE:
		return 0x74726976;		/* "virt" */
	case VIRTIO_MMIO_VERSION:
		return 2;
	case VIRTIO_MMIO_DEVICE_ID:
		return d->id;
	case VIRTIO_MMIO_DEVICE_FEATURES:
		return d->offer_half > 1 ? 0 :
		       (uint32_t)(d->features >> 32 * d->offer_half);
	case VIRTIO_MMIO_QUEUE_NUM_MAX:
		return d->selected_queue < QUEUES ? QUEUE_SIZE : 0;
	case VIRTIO_MMIO_QUEUE_READY:
		return d->selected_queue < QUEUES &&
		       d->queue[d->selected_queue].ready;
	case VIRTIO_MMIO_INTERRUPT_STATUS:
		return d->reasons;
	case VIRTIO_MMIO_STATUS:
		return d->status;
	}
	offset -= VIRTIO_MMIO_CONFIG;
	if (offset < d->config_size && d->config_size - offset >= 4)
		memcpy(&value, (const char *)d->config + offset, 4);
	return value;
}
/* [/read] */

/* [half] */
/* Sets the lower or the upper half of a number. */
static inline void set_half(uint64_t *number, bool upper,
			    uint64_t value)
{
	*number = upper ? (uint32_t)*number | value << 32 :
		  *number >> 32 << 32 | (uint32_t)value;
}
/* [/half] */

/* [write-queue] */
/* A store to a register of the queue that is selected. */
static inline void queue_write(struct virtqueue *q, uint64_t offset,
			       uint64_t value)
{
	bool upper = offset & 4;

	switch (offset & ~4) {
	case VIRTIO_MMIO_QUEUE_DESC_LOW:
		return set_half(&q->desc_at, upper, value);
	case VIRTIO_MMIO_QUEUE_AVAIL_LOW:
		return set_half(&q->avail_at, upper, value);
	case VIRTIO_MMIO_QUEUE_USED_LOW:
		return set_half(&q->used_at, upper, value);
	}
	if (offset == VIRTIO_MMIO_QUEUE_NUM && !q->ready)
		q->size = value;
	if (offset == VIRTIO_MMIO_QUEUE_READY) {
		q->ready = false;
		if (value)
			start_queue(q);
	}
}
/* [/write-queue] */

/* [write] */
static inline void virtio_write(uint64_t offset, uint64_t value)
{
	struct virtio *d = &virtio[offset / VIRTIO_SIZE];

	offset %= VIRTIO_SIZE;
	if (!d->id)
		return;
	switch (offset) {
	case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
		d->offer_half = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
		d->accept_half = value;
		break;
	case VIRTIO_MMIO_DRIVER_FEATURES:
		if (d->accept_half < 2)
			set_half(&d->accepted, d->accept_half, value);
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		d->selected_queue = value;
		break;
	case VIRTIO_MMIO_QUEUE_NOTIFY:	/* if there is no ioeventfd */
		add(bell);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		d->reasons &= ~value;
		break;
	case VIRTIO_MMIO_STATUS:
		set_status(d, value);
		break;
	default:
		if (d->selected_queue < QUEUES)
			queue_write(&d->queue[d->selected_queue],
				    offset, value);
	}
}

static const struct device virtio_bus = {
	.address = VIRTIO_AT, .size = VIRTIO_DEVICES * VIRTIO_SIZE,
	.read = virtio_read, .write = virtio_write,
};
/* [/write] */

/* [connect] */
/*
 * Makes DEVICE the one number I.  Its doorbell and its interrupt need
 * no exit.
 */
static inline void add_virtio(int vm, int i, struct virtio device)
{
	struct kvm_ioeventfd notify = {
		.addr = VIRTIO_AT + i * VIRTIO_SIZE +
			VIRTIO_MMIO_QUEUE_NOTIFY,
		.len = 4, .fd = bell,
	};
	struct kvm_irqfd interrupt = {
		.fd = make_eventfd(), .gsi = VIRTIO_INTID - 32 + i,
	};

	kvm_ioctl(vm, KVM_IOEVENTFD, &notify, "Another one is there.");
	kvm_ioctl(vm, KVM_IRQFD, &interrupt, "The GIC is not built.");
	device.line = interrupt.fd;
	device.features |= 1ULL << VIRTIO_F_VERSION_1;
	virtio[i] = device;
}
/* [/connect] */

/* [end] */
#endif
/* [/end] */
