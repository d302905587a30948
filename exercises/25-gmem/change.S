/* SPDX-License-Identifier: MIT */
/* Exercise 25, change: a guest that counts in two slots. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* slot 1 */
	mov	x11, #0x51000000	/* slot 2 */
	ldr	w1, [x9]		/* how far to count? */
	mov	w3, #2			/* twice */
again:
	mov	w2, w1
1:	ldr	w4, [x10]
	add	w4, w4, #1
	str	w4, [x10]
	ldr	w5, [x11]
	add	w5, w5, #1
	str	w5, [x11]
	subs	w2, w2, #1
	b.ne	1b
	subs	w3, w3, #1
	b.eq	tell
	str	wzr, [x9, #8]		/* now lose what is to be lost */
	b	again
tell:
	str	w4, [x9, #16]
	str	w5, [x9, #20]
	str	wzr, [x9, #24]		/* the end */
guest_end:
