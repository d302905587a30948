/* SPDX-License-Identifier: MIT */
/* Exercise 11, change: a guest that stores 1, 4, 9, and so on. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mov	x1, #1			/* x1 = 1 */
	mov	x2, #0x09000000		/* no memory there */
again:
	mul	x0, x1, x1		/* x0 = x1 * x1 */
	str	w0, [x2]		/* *(uint32_t *)x2 = x0 */
	add	x1, x1, #1		/* x1 = x1 + 1 */
	b	again			/* goto again */
guest_end:
