/* SPDX-License-Identifier: MIT */
/* Exercise 24, change: a guest that counts its stores twice. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* 256 pages */
again:
	ldr	w1, [x9]		/* how many stores now? */
	cbz	w1, sum
	mov	x2, x10			/* from page 0 on */
next:
	ldr	x3, [x2]
	add	x3, x3, #1
	str	x3, [x2]		/* one more in this page */
	add	x19, x19, #1		/* and one more in all */
	add	x2, x2, #4096
	subs	w1, w1, #1
	b.ne	next
	b	again
sum:
	mov	x1, #256
	mov	x2, x10
	mov	x4, #0
1:	ldr	x3, [x2]
	add	x2, x2, #4096
	add	x4, x4, x3
	subs	x1, x1, #1
	b.ne	1b
	str	x4, [x9, #8]		/* what is in the pages */
	str	x19, [x9, #16]		/* how many there were */
	b	again
guest_end:
