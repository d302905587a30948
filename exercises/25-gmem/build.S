/* SPDX-License-Identifier: MIT */
/* Exercise 25, build: a guest that gives every second page back. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* 64 pages */
	ldr	w1, [x9]		/* how many shall we use? */
	mov	x2, x10
	mov	w3, #0
1:	add	w3, w3, #1		/* page i gets i + 1 */
	str	w3, [x2]
	add	x2, x2, #4096
	cmp	w3, w1
	b.ne	1b
	mov	w3, #1			/* pages 1, 3, 5, ... */
2:	cmp	w3, w1
	b.hs	3f
	str	w3, [x9, #8]
	add	w3, w3, #2
	b	2b
3:	mov	w4, #0
4:	ldr	w5, [x10]
	add	w4, w4, w5
	add	x10, x10, #4096
	subs	w1, w1, #1
	b.ne	4b
	str	w4, [x9, #16]		/* the sum */
	str	wzr, [x9, #24]		/* the end */
guest_end:
