/* SPDX-License-Identifier: MIT */
/* Exercise 11, predict: the guest. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #0x40000000
	str	x0, [x1, #4096]
	mov	x2, #0x40200000
	str	x0, [x2]
	str	x0, [x2, #4096]
	mov	x3, #0x80000000
	str	x0, [x3]
	mov	x4, #0x09000000		/* no memory there */
again:
	str	x0, [x3, #8]
	str	x0, [x4]
	b	again
guest_end:
