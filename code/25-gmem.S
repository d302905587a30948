/* SPDX-License-Identifier: MIT */
/* Chapter 25: a guest that counts in memory. */
/* [guest] */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:				/* x0 = where it counts */
	mov	x9, #0x09040000		/* our board */
count:
	cbz	x2, no_call		/* x2 = what to call, or 0 */
	mov	x0, x2
	hvc	#0			/* x0 = an address, x2 = 0 */
no_call:
	ldr	x1, [x0]
	add	x1, x1, #1
	str	x1, [x0]
	str	x1, [x9]
	b	count
guest_end:
/* [/guest] */
