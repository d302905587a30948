/* SPDX-License-Identifier: MIT */
/* Appendix C: a guest with rare wishes. */
/* [nisv] */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x8, #0x09020000		/* the power switch */
	mov	x9, #0x09030000		/* who hears of exceptions */
	mov	x3, #0x0a000000		/* where nothing is */
	str	w2, [x3], #4		/* *(int *)x3 = x2; x3 += 4 */
	adr	x20, 1f			/* go on there */
	ldp	x4, x5, [x3]		/* x4 from x3, x5 from x3 + 8 */
1:	str	wzr, [x8]		/* power off */
/* [/nisv] */

/* [wide] */
	mov	x3, #1 << 40		/* more than this VM has */
	adr	x20, 2f
	ldr	x2, [x3]
2:	mov	x3, #1 << 48		/* more than the CPU has */
	adr	x20, 3f
	ldr	x2, [x3]
3:	str	wzr, [x8]		/* power off */
/* [/wide] */

/* [errors] */
	adr	x20, off
	mov	x4, #100
	msr	daifclr, #4		/* let errors in */
wait:
	sub	x4, x4, #1		/* and give one the time */
	cbnz	x4, wait		/* to come */
off:
	str	wzr, [x8]		/* power off */
	b	off
/* [/errors] */

/* [vectors] */
#include "vectors.S"

	vector_table vectors, report
guest_end:
/* [/vectors] */
