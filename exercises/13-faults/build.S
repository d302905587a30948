/* SPDX-License-Identifier: MIT */
/* Exercise 13, build: a guest whose exceptions come out. */
	.section .rodata
	.global	guest, guest_vectors, guest_end
	.balign	2048
guest:
	mov	x28, #0x09000000	/* the guest keeps this */
	mov	x20, #0
	brk	#1
	add	x20, x20, #1
	fmov	d0, #1.0		/* nobody has allowed it */
	add	x20, x20, #2
	.inst	0			/* no instruction */
	add	x20, x20, #4
again:
	cbz	x0, off			/* x0 times: */
	brk	#2
	add	x20, x20, #8
	sub	x0, x0, #1
	b	again
off:
	str	w20, [x28, #8]		/* power off */

#include "vectors.S"

	.macro	vector			/* one of the 16 */
	str	xzr, [x28]		/* come out to the program */
	b	.
	.endm

	vector_table guest_vectors, vector
guest_end:
