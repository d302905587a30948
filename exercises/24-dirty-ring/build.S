/* SPDX-License-Identifier: MIT */
/* Exercise 24, build: a guest that stores to pages, as told. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* 512 pages */
	ldr	w1, [x9]		/* how many pages? */
	ldr	w2, [x9, #4]		/* from which on? */
	add	x2, x10, x2, lsl #12
1:	str	w1, [x2]
	add	x2, x2, #4096
	subs	w1, w1, #1
	b.ne	1b
	ldr	w3, [x9, #8]		/* how many has the ring had? */
	str	w3, [x9, #16]
	str	wzr, [x9, #24]		/* the end */
guest_end:
