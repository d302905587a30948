/* SPDX-License-Identifier: MIT */
/* Chapter 23: a guest that counts its stores, in memory and besides. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:					/* x10 = address of the pages */
	mov	x9, #0x09040000		/* our board */
again:
	ldr	w1, [x9]		/* how many pages now? */
	cbz	w1, sum			/* none: add up */
next:
	add	x2, x10, x20, lsl #12	/* address of page x20 */
	ldr	x3, [x2]
	add	x3, x3, #1
	str	x3, [x2]		/* count it there ... */
	add	x19, x19, #1		/* ... and here */
	add	x20, x20, #1
	and	x20, x20, #15		/* after 15 comes 0 */
	subs	w1, w1, #1
	b.ne	next
	b	again
/* [/guest] */

/* [sum] */
sum:
	mov	x1, #16
	mov	x2, x10
	mov	x4, #0
1:	ldr	x3, [x2]		/* what a page has counted */
	add	x2, x2, #4096
	add	x4, x4, x3
	subs	x1, x1, #1
	b.ne	1b
	str	x4, [x9, #8]		/* what all of them have */
	str	x19, [x9, #16]		/* what x19 has */
	b	again
guest_end:
/* [/sum] */
