/* SPDX-License-Identifier: MIT */
/* Chapter 24: a guest that stores to one page after the other. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:				/* x0 = a page, x1 = how many of them */
	mov	x9, #0x09040000		/* our board */
next:
	str	x0, [x0]
	add	x0, x0, #4096
	subs	x1, x1, #1
	b.ne	next
	str	wzr, [x9]		/* done */
	b	next
guest_end:
/* [/guest] */
