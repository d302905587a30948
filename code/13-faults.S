/* SPDX-License-Identifier: MIT */
/* Chapter 13: a guest that does what it should not. */
/* [no-vectors] */
	.section .rodata
	.global	guest, guest_end, prepared
	.balign	2048
guest:
	brk	#1			/* an exception; where to? */
/* [/no-vectors] */

/* [prepare] */
prepared:
	adr	x0, vectors		/* x0 = address of the table */
	msr	vbar_el1, x0		/* exceptions go there */
	mrs	x0, sctlr_el1
	orr	x0, x0, #2		/* refuse what is not aligned */
	msr	sctlr_el1, x0
	isb				/* all this counts from here */
	mov	x8, #0x09020000		/* the power switch */
	mov	x9, #0x09030000		/* who hears of exceptions */
/* [/prepare] */

/* [three-faults] */
	brk	#2			/* the same as before */
	adr	x1, guest
	ldr	x2, [x1, #1]		/* 8 bytes, at an odd address */
	mov	x3, #0x0a000000		/* where nothing is */
	blr	x3			/* x30 = next line; goto *x3 */
	str	wzr, [x8]		/* power off */
/* [/three-faults] */

/* [no-syndrome] */
	str	w2, [x3], #4		/* *(int *)x3 = x2; x3 += 4 */
	ldp	x4, x5, [x3]		/* x4 from x3, x5 from x3 + 8 */
	str	wzr, [x8]		/* power off */
/* [/no-syndrome] */

/* [errors] */
	mov	x4, #100
	msr	daifclr, #4		/* let errors in */
wait:
	sub	x4, x4, #1		/* and give one the time */
	cbnz	x4, wait		/* to come */
	str	wzr, [x8]		/* power off */
/* [/errors] */

/* [vectors] */
	.macro	vector			/* one of the 16 */
	.balign	128
	b	report
	.endm

	.balign	2048
vectors:
	.rept	16
	vector
	.endr
/* [/vectors] */

/* [report] */
report:
	mrs	x10, esr_el1		/* why */
	str	x10, [x9]
	mrs	x11, elr_el1		/* where it was */
	str	x11, [x9, #8]
	mrs	x12, far_el1		/* which address it used */
	str	x12, [x9, #16]

	add	x12, x11, #4		/* go on after it; */
	lsr	x10, x10, #26
	cmp	x10, #0x21		/* if it was not fetched, */
	csel	x12, x30, x12, eq	/* where the call came from; */
	cmp	x10, #0x2f		/* if it was not to blame, */
	csel	x12, x11, x12, eq	/* where it was */
	msr	elr_el1, x12
	eret
guest_end:
/* [/report] */
