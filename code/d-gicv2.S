/* SPDX-License-Identifier: MIT */
/* Appendix D: a guest with a GICv2, all of it at addresses. */
/* [macros] */
#include "vectors.S"

	.macro	step	number		/* the program does a part */
	mov	x0, #\number
	str	x0, [x9, #8]
	.endm

	.macro	open_interface		/* of this processor */
	mov	w0, #0xf0
	str	w0, [x11, #4]		/* GICC_PMR: all below 0xf0 */
	mov	w0, #1
	str	w0, [x11]		/* GICC_CTLR: on */
	.endm
/* [/macros] */

/* [first] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x1, vectors
	msr	vbar_el1, x1		/* exceptions go there */
	ldr	x9, =0x09040000		/* our board */
	ldr	x10, =0x08000000	/* the distributor */
	ldr	x11, =0x08010000	/* the CPU interface */
	cbnz	x0, second		/* which processor are we? */

	mov	w0, #1
	str	w0, [x10]		/* GICD_CTLR: on */
	mov	w0, #2
	strb	w0, [x10, #0x820]	/* GICD_ITARGETSR: 32 to 1 */
	mov	w0, #1
	str	w0, [x10, #0x104]	/* GICD_ISENABLER1: 32 */
	open_interface
	step	1			/* now the other one */
	ldr	w0, =2 << 24 | 1
	str	w0, [x10, #0xf00]	/* GICD_SGIR: 1, to ourselves */
	msr	daifclr, #2		/* PSTATE.I = 0 */
	ldr	x9, =0x09020000		/* the power switch */
	str	wzr, [x9]
/* [/first] */

/* [second] */
second:
	open_interface
	mov	x20, #0			/* interrupts so far */
	str	w0, [x9, #16]		/* the bell: an eventfd */
1:	wfi				/* wakes though I is 1 */
	msr	daifclr, #2
	isb				/* here it is taken */
	msr	daifset, #2
	cbz	x20, 1b
	ldr	w0, =1 << 16 | 1
	str	w0, [x10, #0xf00]	/* GICD_SGIR: 1, to vCPU 0 */
	step	2
	.ltorg
/* [/second] */

/* [handler] */
irq:
	ldr	w1, [x11, #0xc]		/* GICC_IAR: which is it? */
	str	x1, [x9]		/* its device does something */
	str	w1, [x11, #0x10]	/* GICC_EOIR: end */
	add	x20, x20, #1
	eret

	vector_table vectors, "b irq"
guest_end:
/* [/handler] */
