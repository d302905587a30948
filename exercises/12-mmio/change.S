/* SPDX-License-Identifier: MIT */
/* Exercise 12, change: a guest that reads, and writes in capitals. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #0x09000000		/* the terminal */
	mov	x4, #-1			/* all 64 bits are 1 */
	str	x4, [x1, #16]		/* a white screen */
next:
	ldr	w2, [x1]		/* characters left */
	str	xzr, [x1, #16]		/* a black screen */
	cbz	w2, off			/* if (x2 == 0) goto off */
	ldrb	w3, [x1, #4]		/* x3 = the next one */
	cmp	w3, #'a'		/* if (x3 < 'a') goto out */
	b.lo	out
	sub	w3, w3, #32		/* a capital letter */
out:
	strb	w3, [x1, #8]		/* print x3 */
	b	next
off:
	str	wzr, [x1, #12]		/* power off */
	b	off
guest_end:
