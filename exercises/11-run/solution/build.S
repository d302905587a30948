/* SPDX-License-Identifier: MIT */
/* Exercise 11, build: the guest.  It has its numbers in x0 and x1. */
	.section .rodata
	.global	guest, guest_end
	.balign	4
guest:
	mul	x0, x0, x0		/* x0 = x0 * x0 */
	mul	x1, x1, x1		/* x1 = x1 * x1 */
	add	x0, x0, x1		/* x0 = x0 + x1 */
	mov	x2, #0x09000000		/* no memory there */
	str	x0, [x2]		/* *(uint64_t *)x2 = x0 */
guest_end:
