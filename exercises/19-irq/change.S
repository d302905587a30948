/* SPDX-License-Identifier: MIT */
/* Exercise 19, change: x19 interrupts, of the SPI in x21, a level. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x08000000	/* the distributor */
	mov	x20, #0			/* interrupts so far */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: group 1 */
	str	wzr, [x10, #0xc08]	/* GICD_ICFGR2 and 3: levels */
	str	wzr, [x10, #0xc0c]
	mov	w0, #1
	lsl	w0, w0, w21		/* the lowest 5 bits count */
	str	w0, [x10, #0x104]	/* GICD_ISENABLER1 */
	mov	x0, #0xf0
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	msr	daifclr, #2
next:
	mov	x22, x20
	str	wzr, [x9, #16]		/* ready for an interrupt */
1:	cmp	x20, x22
	b.eq	1b
	cmp	x20, x19
	b.lo	next
	str	w20, [x9]		/* the end */

irq:
	mrs	x1, icc_iar1_el1
	str	w1, [x9, #8]		/* taken */
	add	x20, x20, #1
	msr	icc_eoir1_el1, x1
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280
	b	irq
guest_end:
