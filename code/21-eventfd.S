/* SPDX-License-Identifier: MIT */
/* Chapter 21: a guest that rings bells, and draws. */
/* [ring] */
	.macro	ring	intid, times	/* ask for an interrupt */
	mov	x19, #0
	mov	w0, #\intid
	str	w0, [x10]		/* the bell */
1:	wfi				/* sleep, masked */
	msr	daifclr, #2
	isb				/* the handler runs here */
	msr	daifset, #2
	cmp	x19, #\times
	b.lt	1b
	str	w23, [x9]		/* tell who it was */
	.endm
/* [/ring] */

/* [draw] */
	.macro	draw	pixels
	mov	w0, #\pixels
1:	str	w0, [x11]
	subs	w0, w0, #1
	b.ne	1b
	str	wzr, [x9, #8]		/* and say so */
	.endm
/* [/draw] */

/* [first] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	mov	x9, #0x09040000		/* our board */
	mov	x10, #0x09050000	/* the bell */
	mov	x11, #0x09060000	/* the screen */
	ldr	x12, =0x08000000	/* the distributor */
	mov	w0, #2
	str	w0, [x12]		/* GICD_CTLR: forward them */
	ldr	w0, =0x002a0000
	str	w0, [x12, #0xc08]	/* GICD_ICFGR2: 43 is a level */
	mov	w0, #0xf00
	str	w0, [x12, #0x104]	/* GICD_ISENABLER1: 40 to 43 */
	mov	x0, #0xff
	msr	icc_pmr_el1, x0
	mov	x0, #1
	msr	icc_igrpen1_el1, x0
	isb
/* [/first] */

/* [steps] */
	ring	40, 1			/* by an exit */
	ring	41, 1			/* by a thread */
	ring	42, 1			/* by itself */
	ring	43, 2			/* a level */
	draw	3
	draw	200
	ldr	x8, =0x09020000
	str	wzr, [x8]		/* power off */
	.ltorg
/* [/steps] */

/* [handler] */
irq:
	mrs	x23, icc_iar1_el1	/* which is it? */
	add	x19, x19, #1
	msr	icc_eoir1_el1, x23
	eret

	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/handler] */
