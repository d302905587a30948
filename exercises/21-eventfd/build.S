/* SPDX-License-Identifier: MIT */
/* Exercise 21, build: a guest that draws letters, and looks at them. */
	.section .rodata
	.global	guest, guest_end
	.balign	2048
guest:
	mov	x9, #0x09000000		/* a device */
	mov	w10, #0x09010000	/* the screen */
	ldr	w24, [x9]		/* how many letters? */
	mov	w1, #0
1:	cmp	w1, w24
	b.eq	2f
	mov	w2, #26
	udiv	w3, w1, w2
	msub	w3, w3, w2, w1
	add	w3, w3, #'a'		/* a, b, ... z, a, ... */
	strb	w3, [x10, w1, uxtw]	/* each at its own place */
	add	w1, w1, #1
	b	1b
2:	ldr	w0, [x9, #8]		/* how many are there? */
	str	w0, [x9, #16]
	str	wzr, [x9, #24]		/* the end */
guest_end:
