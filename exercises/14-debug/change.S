/* SPDX-License-Identifier: MIT */
/* Exercise 14, change: a guest with a function. */
	.section .rodata
	.global	guest, guest_work, guest_end
	.balign	4
guest:
	mov	x19, #0x09000000	/* the power switch */
	mov	x21, #0			/* the sum */
	mov	x20, #5
next:
	mov	x0, x20
	bl	guest_work		/* work(x20) */
	sub	x20, x20, #1
	cbnz	x20, next
	mov	x0, x21
	bl	guest_work		/* work(x21) */
	str	wzr, [x19]		/* power off */

guest_work:				/* work(x0) */
	add	x21, x21, x0
	ret
guest_end:
