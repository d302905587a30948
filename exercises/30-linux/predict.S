/* SPDX-License-Identifier: MIT */
/* Exercise 30, predict: a driver that makes three requests, and one is wicked. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	mov	x19, #0x09000000
	mov	x21, #0x0a000000	/* the console */
	mov	x20, #0x40000000
	add	x20, x20, #0x8000	/* the queue's descriptors */
	add	x22, x20, #0x1000	/* the available ring */
	add	x23, x20, #0x2000	/* the used ring */
	add	x24, x20, #0x3000	/* what it writes */
	mov	w1, #1
	str	w1, [x21, #0x24]	/* DRIVER_FEATURES_SEL */
	str	w1, [x21, #0x20]	/* VERSION_1 */
	str	w1, [x21, #0x30]	/* QUEUE_SEL: what goes out */
	mov	w1, #8
	str	w1, [x21, #0x38]	/* QUEUE_NUM */
	str	w20, [x21, #0x80]
	str	w22, [x21, #0x90]
	str	w23, [x21, #0xa0]
	mov	w1, #1
	str	w1, [x21, #0x44]	/* QUEUE_READY */
	mov	w1, #15
	str	w1, [x21, #0x70]	/* STATUS */

	mov	w0, #'A'
	strb	w0, [x24]
	mov	x6, #1
	stp	x24, x6, [x20]		/* descriptor 0: one byte */
	stp	x24, x6, [x20, #16]	/* descriptor 1: one byte */
	mov	x5, #0x3fffffff
	stp	x5, x6, [x20, #32]	/* descriptor 2: one byte, elsewhere */
	mov	w1, #1
	strh	w1, [x22, #6]		/* the requests: 0, 1 and 2 */
	mov	w1, #2
	strh	w1, [x22, #8]

	mov	w25, #1
1:	dsb	sy
	strh	w25, [x22, #2]		/* idx */
	dsb	sy
	str	w1, [x21, #0x50]	/* QUEUE_NOTIFY */
	add	w25, w25, #1
	cmp	w25, #3
	b.ls	1b

	str	wzr, [x19]		/* an exit: the program answers */
	ldr	w0, [x21, #0x70]	/* STATUS */
	str	w0, [x19, #8]
	ldrh	w0, [x23, #2]		/* the used ring's idx */
	str	w0, [x19, #16]
	movz	w0, #0x8400, lsl #16	/* SYSTEM_OFF */
	movk	w0, #8
	hvc	#0
guest_end:
