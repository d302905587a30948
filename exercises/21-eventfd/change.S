/* SPDX-License-Identifier: MIT */
/* Exercise 21, change: a guest that rings, and waits for the answer. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09000000		/* a device */
	mov	w10, #0x09010000	/* the bell */
	ldr	x12, =0x08000000	/* the distributor */
	mov	w0, #2
	str	w0, [x12]		/* GICD_CTLR */
	ldr	w0, =0xaaaaaaaa
	str	w0, [x12, #0xc08]	/* GICD_ICFGR2: edges */
	mov	w0, #0xffff
	str	w0, [x12, #0x104]	/* GICD_ISENABLER1: 32 to 47 */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
	ldr	w24, [x9]		/* how often shall we ring? */
	mov	x20, #0			/* answers */
	mrs	x25, cntvct_el0
	cbz	w24, all
rings:
	mov	x19, #0
	str	w24, [x10]		/* ring */
1:	wfi
	msr	daifclr, #2
	isb				/* the handler runs here */
	msr	daifset, #2
	cbz	x19, 1b
	add	x20, x20, #1
	subs	w24, w24, #1
	b.ne	rings
all:
	mrs	x26, cntvct_el0
	sub	x26, x26, x25
	str	x26, [x9, #8]		/* the time that it took */
	str	w23, [x9, #16]		/* who answered last */
	str	w20, [x9, #24]		/* how many answers */
	.ltorg
irq:
	mrs	x23, icc_iar1_el1
	mov	x19, #1
	msr	icc_eoir1_el1, x23
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
