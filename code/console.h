/* SPDX-License-Identifier: MIT */
/* A console by virtio.  Chapter 30 explains it. */
/* [headers] */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <linux/virtio_ids.h>
#include "terminal.h"
#include "virtio.h"
/* [/headers] */

/* [console] */
enum { CONSOLE_IN, CONSOLE_OUT };

static bool console_has_terminal;	/* it gets what is typed */
static bool console_wrote, console_listens;

/*
 * A driver that has lent buffers may still throw away what comes.  Not
 * so once the guest has written something, and then was silent.
 */
static inline bool console_is_awaited(void)
{
	return console_has_terminal && console_wrote &&
	       !console_listens && typed_first != typed_last;
}

/* The guest lends bytes for what is typed. */
static inline bool console_in(struct virtqueue *q)
{
	struct request r;
	bool wanted = false;

	while (console_listens && typed_first != typed_last &&
	       next_request(q, &r)) {
		uint32_t n = 0;

		for (int i = r.readable; i < r.parts; i++) {
			char *c = r.part[i].iov_base, *end;

			end = c + r.part[i].iov_len;
			for (; c < end && next_typed(c); c++)
				n++;
		}
		wanted |= finish_request(q, &r, n);
	}
	return wanted;
}

/* What the guest writes. */
static inline bool console_out(struct virtqueue *q)
{
	struct request r;
	bool wanted = false;

	while (next_request(q, &r)) {
		console_wrote = true;
		for (int i = 0; i < r.readable; i++)
			show(r.part[i].iov_base, r.part[i].iov_len);
		wanted |= finish_request(q, &r, 0);
	}
	return wanted;
}

static inline bool serve_console(struct virtio *d, int queue)
{
	return queue == CONSOLE_IN ? console_in(&d->queue[CONSOLE_IN]) :
	       console_out(&d->queue[CONSOLE_OUT]);
}

static inline void add_console(int vm)
{
	add_virtio(vm, 0, (struct virtio) {
		.id = VIRTIO_ID_CONSOLE, .serve = serve_console,
	});
}
/* [/console] */

/* [end] */
#endif
/* [/end] */
