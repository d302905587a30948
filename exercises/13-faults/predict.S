/* SPDX-License-Identifier: MIT */
/* Exercise 13, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x9, #0x09000000		/* who hears of exceptions */
	mov	x3, #0x0a000000		/* where nothing is */
	adr	x20, 1f			/* where to go on */
	brk	#1
1:	adr	x20, 2f
	.inst	0			/* no instruction */
2:	adr	x20, 3f
	br	x3
3:	adr	x20, 4f
	str	w5, [x3]
	ldr	w5, [x3]
4:	strb	wzr, [x9, #8]		/* power off */

#include "vectors.S"

	.macro	vector			/* one of the 16 */
	mrs	x10, esr_el1
	lsr	x10, x10, #26		/* the class */
	strb	w10, [x9]
	msr	elr_el1, x20
	eret
	.endm

	vector_table vectors, vector
guest_end:
