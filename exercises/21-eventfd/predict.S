/* SPDX-License-Identifier: MIT */
/* Exercise 21, predict: a guest that counts its interrupts. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	mov	w10, #0x09010000	/* the bell */
	mov	w11, #0x09020000	/* the screen */
	ldr	x12, =0x08000000	/* the distributor */
	mov	w0, #2
	str	w0, [x12]		/* GICD_CTLR */
	mov	w0, #0xa
	str	w0, [x12, #0xc08]	/* GICD_ICFGR2: 32, 33: edges */
	mov	w0, #3
	str	w0, [x12, #0x104]	/* GICD_ISENABLER1: 32, 33 */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	mov	x19, #0
	msr	daifclr, #2
	isb
	str	w19, [x9, #16]		/* the program adds once more */
	isb
	str	w19, [x9]		/* how many interrupts came */

	mov	w0, #7
	str	w0, [x10]		/* 4 bytes: 7 */
	mov	w0, #8
	str	w0, [x10]		/* 4 bytes: 8 */
	mov	x0, #7
	str	x0, [x10]		/* 8 bytes: 7 */
	mov	w0, #7
	str	w0, [x10]		/* 4 bytes: 7 */
	ldr	w0, [x9, #24]		/* what the eventfd has */
	str	w0, [x9, #4]		/* and tell it */

	mov	w0, #400
1:	str	w0, [x11]		/* 400, 399, ... */
	subs	w0, w0, #1
	b.ne	1b
	str	w0, [x9, #8]		/* the end */
	.ltorg
irq:
	mrs	x1, icc_iar1_el1
	add	x19, x19, #1
	msr	icc_eoir1_el1, x1
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
