/* SPDX-License-Identifier: MIT */
/* Exercise 14, build: a guest with a variable. */
	.section .rodata
	.global	guest, guest_watched, guest_end
	.balign	8
guest:
	mov	x19, #0x09000000	/* the power switch */
	adr	x1, guest_watched
	mov	x0, #1
	str	x0, [x1]
	ldr	x2, [x1]
	add	x0, x2, #6
	str	x0, [x1]
	mov	x3, #3
again:
	add	x0, x0, x3
	str	x0, [x1, #8]		/* the one beside it */
	str	x0, [x1]
	sub	x3, x3, #1
	cbnz	x3, again
	str	wzr, [x19]		/* power off */
	.balign	8
guest_watched:
	.quad	0, 0
guest_end:
