/* SPDX-License-Identifier: MIT */
/*
 * Exercise 30, change: a guest that asks an entropy source twice.  What it
 * finds it stores to 0x09000000 (what the two devices are), 0x09000008 (the
 * bytes that it got) and 0x09000010 (how many those are said to be).
 */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	mov	x19, #0x09000000
	mov	x21, #0x0a000000
	ldr	w0, [x21, #8]		/* DEVICE_ID */
	str	w0, [x19]
	add	x21, x21, #0x200
	ldr	w0, [x21, #8]
	str	w0, [x19]
	cmp	w0, #4			/* an entropy source */
	b.ne	off

	/* A queue of 8. */
	mov	x20, #0x40000000
	add	x20, x20, #0x8000	/* its descriptors */
	add	x22, x20, #0x1000	/* the available ring */
	add	x23, x20, #0x2000	/* the used ring */
	add	x24, x20, #0x3000	/* where the bytes shall go */
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

	/* Descriptor 0: 8 bytes.  1 and 2: 3 bytes, and 5 more. */
	mov	x6, #8
	movk	x6, #2, lsl #32		/* the device writes */
	stp	x24, x6, [x20]
	mov	x6, #3
	movk	x6, #3, lsl #32		/* and there is a next one */
	movk	x6, #2, lsl #48
	stp	x24, x6, [x20, #16]
	add	x5, x24, #3
	mov	x6, #5
	movk	x6, #2, lsl #32
	stp	x5, x6, [x20, #32]
	mov	w1, #1
	strh	w1, [x22, #6]		/* the second request begins at 1 */

	mov	w25, #1
1:	str	xzr, [x24]
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
	ldr	x0, [x24]
	str	x0, [x19, #8]
	add	x1, x23, w25, uxtw #3
	ldr	w0, [x1]		/* used: id and len, 8 bytes each */
	str	w0, [x19, #16]
	add	w25, w25, #1
	cmp	w25, #2
	b.ls	1b

off:	movz	w0, #0x8400, lsl #16	/* SYSTEM_OFF */
	movk	w0, #8
	hvc	#0
guest_end:
