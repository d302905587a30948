/* SPDX-License-Identifier: MIT */
/* Exercise 12, build: a guest that tries what is there. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x0, #0x08000000		/* the read-only memory */
	mov	x1, #0x09000000		/* where nothing is */
	ldrb	w2, [x0]
	strb	w2, [x1]
	ldr	w3, [x1, #4]
	str	x3, [x1, #8]
	ldrh	w4, [x1, #16]
	strb	w4, [x0, #2]
	ldr	x5, [x1, #24]
	str	w5, [x1, #32]
	ldrb	w6, [x0]
	add	x1, x1, #0x20000	/* 0x09020000 */
	str	wzr, [x1]		/* power off */
guest_end:
