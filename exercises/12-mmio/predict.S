/* SPDX-License-Identifier: MIT */
/* Exercise 12, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #0x08000000		/* memory, read-only */
	mov	x2, #0x09000000		/* where no memory is */
	mov	w3, #0x1234
	ldrb	w4, [x1]
	strb	w3, [x1, #1]
	ldrh	w4, [x1]
	strh	w3, [x2]
	ldrb	w5, [x2, #4]
	ldrb	w6, [x2, #8]
	ldrb	w4, [x1]
	strb	w6, [x2, #12]
guest_end:
