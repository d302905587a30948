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
	isb				/* from here on */
	mov	x8, #0x09020000		/* the power switch */
	mov	x9, #0x09030000		/* who hears of exceptions */
	mov	x3, #0x0a000000		/* where nothing is */
/* [/prepare] */

/* [mistakes] */
	adr	x20, 1f			/* where to go on after ... */
	brk	#2			/* ... the same as before */
1:	adr	x20, 2f
	br	x3			/* fetch where nothing is */
2:	adr	x20, 3f
	ldr	x2, [x3]		/* load from there */
3:	adr	x20, 4f
	str	x2, [x3]		/* store to there */
4:	str	wzr, [x8]		/* power off */
/* [/mistakes] */

/* [vectors] */
#include "vectors.S"

	vector_table vectors, report
guest_end:
/* [/vectors] */
