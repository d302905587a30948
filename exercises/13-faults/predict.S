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
	brk	#1
	mov	x4, #100
	msr	daifclr, #4		/* let errors in */
wait:
	sub	x4, x4, #1
	cbnz	x4, wait
	blr	x3			/* x30 = next line; goto *x3 */
	ldr	w5, [x3]
	ldp	w5, w6, [x3]
	strb	wzr, [x9, #8]		/* power off */

report:
	mrs	x10, esr_el1
	lsr	x10, x10, #26		/* the class */
	strb	w10, [x9]
	mrs	x11, elr_el1
	add	x12, x11, #4		/* go on after it; */
	cmp	x10, #0x21		/* if it was not fetched, */
	csel	x12, x30, x12, eq	/* where the call came from; */
	cmp	x10, #0x2f		/* if it was not to blame, */
	csel	x12, x11, x12, eq	/* where it was */
	msr	elr_el1, x12
	eret

	.macro	vector			/* one of the 16 */
	.balign	128
	b	report
	.endm

	.balign	2048
vectors:
	.rept	16
	vector
	.endr
guest_end:
