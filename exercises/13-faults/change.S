/* SPDX-License-Identifier: MIT */
/* Exercise 13, change: a guest that looks for devices. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x20, #0			/* how many are there */
	mov	x1, #0x0a000000		/* where the first may be */
	mov	x21, #4			/* how many places there are */
next:
	mov	x22, #1			/* say that it is there */
	ldr	w2, [x1]		/* an exception, if not */
	add	x20, x20, x22
	add	x1, x1, #0x10000
	sub	x21, x21, #1
	cbnz	x21, next

	mov	x22, #1
	str	w2, [x1]		/* a fifth, by a store */
	add	x20, x20, x22
	mov	x1, #0x09000000
	str	w20, [x1]		/* report it, and power off */

#include "vectors.S"

	.macro	vector			/* one of the 16 */
	mov	x22, #0			/* it is not there */
	mrs	x10, elr_el1
	add	x10, x10, #4		/* go on after the load */
	msr	elr_el1, x10
	eret
	.endm

	vector_table vectors, vector
guest_end:
