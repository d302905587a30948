/* SPDX-License-Identifier: MIT */
/* Exercise 23, build: a guest that stores, and has a device store. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* 64 pages */
	mov	x1, #0
1:	add	x2, x10, x1, lsl #12
	str	w1, [x2]		/* once to each page */
	add	x1, x1, #1
	cmp	x1, #64
	b.ne	1b
	str	wzr, [x9, #8]		/* a snapshot, please */

	ldr	w3, [x9]		/* which page? */
	add	x2, x10, x3, lsl #12
	str	w3, [x2, #8]		/* twice to that one */
	str	w3, [x2, #16]
	add	x3, x3, #1
	add	x2, x10, x3, lsl #12
	ldr	w4, [x2]		/* a load from the next */
	ldr	w3, [x9, #4]		/* and which page for you? */
	str	w3, [x9, #16]		/* store something there */
	str	wzr, [x9, #24]		/* a second snapshot */

	ldr	w3, [x9, #32]		/* how many pages had changed? */
	str	w3, [x9, #40]
	str	wzr, [x9, #48]		/* the end */
guest_end:
