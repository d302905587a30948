/* SPDX-License-Identifier: MIT */
/* Chapter 19: a guest with a GIC, and the handler of its interrupts. */
/* [macros] */
	.macro	step	number		/* the program does a part */
	mov	x0, #\number
	str	x0, [x9, #8]
	.endm

	.macro	take_interrupts		/* from now on */
	mov	x0, #0xf0
	msr	icc_pmr_el1, x0		/* more urgent than 0xf0 */
	mov	x0, #1
	msr	icc_igrpen1_el1, x0	/* those of group 1 */
	isb
	msr	daifclr, #2		/* PSTATE.I = 0 */
	.endm
/* [/macros] */

/* [first] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x1, vectors
	msr	vbar_el1, x1		/* exceptions go there */
	mov	x9, #0x09040000		/* our board */
	cbnz	x0, second		/* which processor are we? */

	ldr	x10, =0x08000000	/* the distributor */
	ldr	x11, =0x080b0000	/* vCPU 0's SGIs and PPIs */
	mov	w0, #2
	str	w0, [x10]		/* GICD_CTLR: group 1 */
	ldr	w0, =0x02aa0008
	str	w0, [x10, #0xc08]	/* GICD_ICFGR2: edges */
	ldr	w0, =0xa0a0a0a0
	str	w0, [x10, #0x428]	/* GICD_IPRIORITYR10: 40-43 */
	step	1			/* the disk is ready already */
	mov	w0, #0x1f03
	str	w0, [x10, #0x104]	/* GICD_ISENABLER1: 7 SPIs */
	mov	w0, #1 << 20
	str	w0, [x11, #0x100]	/* GICR_ISENABLER0: 20 */
	take_interrupts
/* [/first] */

/* [steps] */
	step	2			/* the card */
	step	3			/* the sensor */
	step	4			/* five at once */
	step	5			/* and now the other vCPU */
	ldr	x0, =1 << 24 | 1 << 1
	msr	icc_sgi1r_el1, x0	/* SGI 1, to vCPU 1 */
	step	6
	ldr	x8, =0x09020000
	str	wzr, [x8]		/* power off */

second:
	take_interrupts
	ldr	x0, =2 << 24 | 1 << 0
	msr	icc_sgi1r_el1, x0	/* SGI 2, to vCPU 0 */
	step	7
	.ltorg
/* [/steps] */

/* [handler] */
irq:
	mrs	x1, icc_iar1_el1	/* acknowledge: which is it? */
	str	x1, [x9]		/* its device does something */
	msr	icc_eoir1_el1, x1	/* end of interrupt */
	eret
/* [/handler] */

/* [vectors] */
	.balign	2048
vectors:
	.org	vectors + 0x280		/* an IRQ, at EL1 */
	b	irq
guest_end:
/* [/vectors] */
