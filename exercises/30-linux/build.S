/* SPDX-License-Identifier: MIT */
/*
 * Exercise 30, build: a guest that has x0 and x1 added by a device, twice.
 * The sums it stores to 0x09000008.  Then it asks for a sum of which it has
 * room for half, and stores the device's status to 0x09000010.
 */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	mov	x27, x0
	mov	x28, x1
	mov	x19, #0x09000000
	mov	x21, #0x0a000000
	ldr	w0, [x21, #8]		/* DEVICE_ID */
	cmp	w0, #42
	b.ne	off

	/* A queue of 8. */
	mov	x20, #0x40000000
	add	x20, x20, #0x8000	/* its descriptors */
	add	x22, x20, #0x1000	/* the available ring */
	add	x23, x20, #0x2000	/* the used ring */
	add	x24, x20, #0x3000	/* numbers, then their sum */
	mov	w1, #1
	str	w1, [x21, #0x24]	/* DRIVER_FEATURES_SEL */
	str	w1, [x21, #0x20]	/* VERSION_1 */
	mov	w1, #8
	str	w1, [x21, #0x38]	/* QUEUE_NUM */
	str	w20, [x21, #0x80]
	str	w22, [x21, #0x90]
	str	w23, [x21, #0xa0]
	mov	w1, #1
	str	w1, [x21, #0x44]	/* QUEUE_READY */
	mov	w1, #15
	str	w1, [x21, #0x70]	/* STATUS: all is well */
	stp	x27, x28, [x24]

	/* 0: both numbers, and 1: the sum. */
	mov	x6, #16
	movk	x6, #1, lsl #32		/* there is a next one */
	movk	x6, #1, lsl #48
	stp	x24, x6, [x20]
	add	x5, x24, #16
	mov	x6, #8
	movk	x6, #2, lsl #32		/* the device writes */
	stp	x5, x6, [x20, #16]
	/* 2 and 3: a number each, and then 1. */
	mov	x6, #8
	movk	x6, #1, lsl #32
	movk	x6, #3, lsl #48
	stp	x24, x6, [x20, #32]
	add	x5, x24, #8
	mov	x6, #8
	movk	x6, #1, lsl #32
	movk	x6, #1, lsl #48
	stp	x5, x6, [x20, #48]
	mov	w1, #2
	strh	w1, [x22, #6]		/* the second request begins at 2 */

	mov	w25, #1
1:	str	xzr, [x24, #16]
	dsb	sy
	strh	w25, [x22, #2]		/* idx */
	dsb	sy
	str	wzr, [x21, #0x50]	/* QUEUE_NOTIFY */
	mov	w26, #50
2:	subs	w26, w26, #1
	b.eq	off			/* it does not answer */
	ldr	w0, [x21, #0x60]	/* INTERRUPT_STATUS */
	tbz	w0, #0, 2b
	str	w0, [x21, #0x64]	/* INTERRUPT_ACK */
	dsb	sy
	ldr	x0, [x24, #16]
	str	x0, [x19, #8]
	add	w25, w25, #1
	cmp	w25, #2
	b.ls	1b

	/* Descriptors 0 and 1 again, with half the room. */
	mov	w1, #4
	str	w1, [x20, #24]
	dsb	sy
	strh	w25, [x22, #2]
	dsb	sy
	str	wzr, [x21, #0x50]
	ldr	w0, [x21, #0x70]	/* what is still to be done, is done */
	ldr	w0, [x21, #0x70]	/* STATUS */
	str	w0, [x19, #16]

off:	movz	w0, #0x8400, lsl #16	/* SYSTEM_OFF */
	movk	w0, #8
	hvc	#0
guest_end:
