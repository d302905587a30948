/* SPDX-License-Identifier: MIT */
/* Exercise 25, predict: a guest that uses three pages, again and again. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x9, #0x09000000		/* a device */
	mov	x10, #0x50000000	/* page 0 */
	add	x11, x10, #0x1000	/* page 1 */
	add	x12, x10, #0x3000	/* page 3 */
turn:
	ldr	w1, [x10]		/* page 0: add 1 */
	add	w1, w1, #1
	str	w1, [x10]
	ldr	w2, [x11]		/* page 1: load */
	str	w1, [x12]		/* page 3: store, twice */
	str	w1, [x12, #4]
	str	w1, [x9]		/* what is in page 0? */
	b	turn
guest_end:
