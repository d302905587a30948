/* SPDX-License-Identifier: MIT */
/* Exercise 19, predict: the guest; 33 is an edge, all else levels. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x08000000	/* the distributor */
	ldr	x11, =0x080b0000	/* our SGIs and PPIs */
	mov	x20, #0			/* interrupts so far */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: group 1 */
	mov	w0, #1 << 3
	str	w0, [x10, #0xc08]	/* GICD_ICFGR2: an edge is 33 */
	mov	w0, #3
	str	w0, [x10, #0x104]	/* GICD_ISENABLER1: 32 and 33 */
	mov	w0, #1 << 20
	str	w0, [x11, #0x100]	/* GICR_ISENABLER0: 20 */
	mov	x0, #0xf0
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	str	wzr, [x9, #8]		/* ready; the program acts */
	msr	daifclr, #2
	mov	x2, #10000		/* time for all that may come */
1:	subs	x2, x2, #1
	b.ne	1b
	str	w20, [x9]		/* the end */

irq:
	mrs	x1, icc_iar1_el1
	add	x20, x20, #1
	str	w1, [x9, #16]		/* taken; the program acts */
	msr	icc_eoir1_el1, x1
	eret
	.ltorg

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
