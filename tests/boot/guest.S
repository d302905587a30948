/*
 * A guest for chapter 30's machine that boots in no time: an Image of arm64
 * that says ! and then obeys characters from the UART.
 *   r  reads sector 0 of the disk; says D, its first character, and the status
 *   i  lets the disk's available ring be 65,535 requests ahead; says I when the
 *      device wants to be reset
 *   e  asks again and again for a request that makes no sense, and resets
 *   n  loads where nothing is
 *   p  switches itself off;  b  wants a reset
 * Memory: descriptors at x20, rings and data behind it.
 */
	.text
	.globl _start
_start:
	b	start
	.word	0
	.quad	0			/* text_offset */
	.quad	0x20000			/* image_size */
	.quad	2
	.quad	0, 0, 0
	.word	0x644d5241, 0

start:
	mov	x19, #0x09000000	/* the UART */
	mov	x20, #0x40010000
	mov	x21, #0x0a000000
	add	x21, x21, #0x200	/* the disk */
	mov	w0, #'!'
	str	w0, [x19]
	mov	w0, #1 << 4		/* the UART may bring what is typed */
	str	w0, [x19, #0x38]
	b	newline
next:
	ldr	w0, [x19, #0x18]
	tbnz	w0, #4, next		/* nothing has come */
	ldr	w0, [x19]
	cmp	w0, #'r'
	b.eq	do_read
	cmp	w0, #'i'
	b.eq	do_idx
	cmp	w0, #'e'
	b.eq	do_again
	cmp	w0, #'n'
	b.eq	do_nothing
	cmp	w0, #'b'
	b.eq	do_reset
	cmp	w0, #'p'
	b.ne	next
	movz	w0, #0x8400, lsl #16	/* SYSTEM_OFF */
	movk	w0, #8
	hvc	#0
do_reset:
	movz	w0, #0x8400, lsl #16	/* SYSTEM_RESET */
	movk	w0, #9
	hvc	#0
do_nothing:
	mov	x1, #0x0b000000
	ldr	w0, [x1]

/* A queue of 8, and a request for sector 0 in it. */
begin:
	str	wzr, [x21, #0x70]	/* status: a reset */
	mov	w1, #1
	str	w1, [x21, #0x24]
	str	w1, [x21, #0x20]	/* VERSION_1 */
	str	wzr, [x21, #0x30]
	mov	w1, #8
	str	w1, [x21, #0x38]
	str	w20, [x21, #0x80]	/* descriptors */
	str	wzr, [x21, #0x84]
	add	x2, x20, #0x1000
	str	w2, [x21, #0x90]	/* available */
	str	wzr, [x21, #0x94]
	add	x3, x20, #0x2000
	str	w3, [x21, #0xa0]	/* used */
	str	wzr, [x21, #0xa4]
	add	x4, x20, #0x3000	/* header, then status and data */
	stp	xzr, xzr, [x4]
	str	xzr, [x2]
	str	xzr, [x3]
	mov	x5, #0x41
	strb	w5, [x4, #0x100]
	/* the header */
	mov	x6, #16
	movk	x6, #1, lsl #32
	movk	x6, #1, lsl #48
	stp	x4, x6, [x20]
	/* data, writable */
	add	x5, x4, #0x200
	mov	x6, #512
	movk	x6, #3, lsl #32
	movk	x6, #2, lsl #48
	stp	x5, x6, [x20, #16]
	/* the status, writable */
	add	x5, x4, #0x100
	mov	x6, #1
	movk	x6, #2, lsl #32
	stp	x5, x6, [x20, #32]
	mov	w1, #1
	str	w1, [x21, #0x44]	/* ready */
	mov	w1, #15
	str	w1, [x21, #0x70]
	ret

/* Makes idx w0, and rings. */
ring:
	add	x2, x20, #0x1000
	dsb	sy
	strh	w0, [x2, #2]
	dsb	sy
	str	wzr, [x21, #0x50]
	ret

do_read:
	bl	begin
	mov	w0, #1
	bl	ring
	add	x3, x20, #0x2000
1:	ldrh	w0, [x3, #2]
	cbz	w0, 1b
	dsb	sy
	mov	w0, #'D'
	str	w0, [x19]
	add	x4, x20, #0x3000
	ldrb	w0, [x4, #0x200]
	str	w0, [x19]
	ldrb	w0, [x4, #0x100]
	add	w0, w0, #'0'
	str	w0, [x19]
	b	newline

do_idx:
	bl	begin
	mov	w0, #65535
	bl	ring
1:	ldr	w0, [x21, #0x70]
	tbz	w0, #6, 1b		/* NEEDS_RESET */
	mov	w0, #'I'
	str	w0, [x19]
newline:
	mov	w0, #'\n'
	str	w0, [x19]
	b	next

do_again:
	mov	w22, #1000
2:	bl	begin
	mov	x6, #-1			/* data at the end of all addresses */
	str	x6, [x20, #16]
	mov	w0, #1
	bl	ring
1:	ldr	w0, [x21, #0x70]
	tbz	w0, #6, 1b
	subs	w22, w22, #1
	b.ne	2b
	mov	w0, #'E'
	str	w0, [x19]
	b	newline
